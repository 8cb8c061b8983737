using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The FIR on paper.</summary>
public sealed partial class PrintTests(Chromium chromium)
{
    [Fact]
    public async Task The_print_to_PDF_is_A4_and_holds_every_field_of_the_form()
    {
        await using var stack = await PageStack.StartAsync();
        var processed = await Journeys.RegisterAsync(stack.Client);
        var status = (await stack.Client.StatusAsync(processed["session_id"])).RequireOk();
        var fir = (await stack.Client.GetAsync($"/fir/{processed["fir_number"]}")).RequireOk();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address);
        await tab.SignInAsync(PageStack.Officer, $"/fir/{processed["fir_number"]}/print");
        await Assertions.Expect(tab.Page.Locator(".sheet footer")).ToContainTextAsync(fir["registration_number"]);

        using var folder = new TemporaryFolder();
        var pdf = Path.Combine(folder.Path, "fir.pdf");
        await tab.Page.PdfAsync(new() { Path = pdf, PreferCSSPageSize = true });

        var text = Squeezed(Command.Run("pdftotext", "-layout", pdf, "-"));
        var raw = Squeezed(Command.Run("pdftotext", "-raw", pdf, "-"));
        foreach (var field in status.Json["content"]!["fields"]!.AsArray())
        {
            var value = field!["key"]!.ToString() == "registration_number" ? fir["registration_number"] : field["value"]!.ToString();
            foreach (var wanted in (string[])[field["label"]!.ToString(), value])
            {
                Assert.True(
                    raw.Contains(Squeezed(wanted), StringComparison.Ordinal) || text.Contains(Squeezed(wanted), StringComparison.Ordinal),
                    $"{field["key"]} is not on paper: {wanted}\n\n{raw}"
                );
            }
        }

        Assert.Contains(Squeezed(fir["registration_number"]), raw, StringComparison.Ordinal);
        Assert.DoesNotContain(Squeezed("Sign out"), raw, StringComparison.Ordinal);
        Assert.Matches(@"Page size:\s+59[45][.\d]* x 84[12][.\d]* pts \(A4\)", Command.Run("pdfinfo", pdf));
        tab.AssertNoComplaint();
    }

    /// <summary>Where lines and pages break on paper does not matter here.</summary>
    private static string Squeezed(string text) => White().Replace(PageNumber().Replace(text, ""), "");

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();

    [GeneratedRegex(@"^\f?\s*\d+ / \d+\s*$", RegexOptions.Multiline)]
    private static partial Regex PageNumber();
}
