using System.Net;
using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Pages;

/// <summary>Characters that turn the order of text around are seen by whoever reads, and recorded as they were given.</summary>
public sealed class OverrideTests(SharedService shared) : IClassFixture<SharedService>
{
    /// <summary>Reads "paid 001 rupees" where "paid 100 rupees" is recorded.</summary>
    private const string Turned = "I paid \u202E001\u202C rupees to \u2067Ramesh\u2069.";

    private const string Named = "I paid [U+202E]001[U+202C] rupees to [U+2067]Ramesh[U+2069].";

    [Theory]
    [InlineData("/view_fir/NUMBER")]
    [InlineData("/fir/NUMBER/print")]
    public async Task A_page_names_what_would_turn_the_text_around_and_the_record_keeps_it(string path)
    {
        var journey = await Journey.BeginAsync(shared.Client, Turned, "final_review");
        (
            await shared.Client.CorrectAsync(journey.SessionId, $"Witnesses: {Turned}\nSections: 303(2), \u202E66\u202C of the IT Act")
        ).RequireOk();
        await shared.Stack.DeliveredAsync();

        var fir = (await shared.Client.GetAsync($"/fir/{journey.FirNumber}/content")).RequireOk();
        var address = path.Replace("NUMBER", journey.FirNumber, StringComparison.Ordinal);
        var page = WebUtility.HtmlDecode((await shared.Client.GetAsync(address, "text/html")).RequireOk().Text);

        Assert.Equal(Turned, fir["complaint_text"]);
        Assert.Contains(Turned, fir["content"], StringComparison.Ordinal);
        Assert.Contains(Named, page, StringComparison.Ordinal);
        Assert.Contains("[U+202E]66[U+202C] of the IT Act", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("[\\u202A-\\u202E\\u2066-\\u2069]", page);
    }
}
