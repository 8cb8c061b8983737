using System.Globalization;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A complaint on its way through the review, as an officer takes it who approves everything.</summary>
internal sealed class Journey(ApiClient client, Reply created)
{
    public static readonly string[] Steps =
    [
        "transcript_review",
        "summary_review",
        "violations_review",
        "fir_narrative_review",
        "final_review",
    ];

    /// <summary>Supplies every mandatory field that a text may lack.</summary>
    public const string MandatoryFields =
        "Name: Asha Rao\nAddress: 7 Temple Street, Mysuru\nDate of occurrence: 01/10/2026\nPlace: Temple Street\nSections: 303(2)";

    public string SessionId { get; } = created.RequireOk()["session_id"];

    public string FirNumber { get; } = created["fir_number"];

    /// <summary>The answer of POST /process.</summary>
    public Reply Created => created;

    public static async Task<Journey> BeginAsync(ApiClient client, string complaint) => new(client, await client.ProcessAsync(complaint));

    /// <summary>A session that waits at <paramref name="step"/>.</summary>
    public static async Task<Journey> BeginAsync(ApiClient client, string complaint, string step)
    {
        var journey = await BeginAsync(client, complaint);
        await journey.ApproveUntilAsync(step);
        return journey;
    }

    /// <returns>The answer that showed <paramref name="step"/>; POST /process's when it is the first.</returns>
    public async Task<Reply> ApproveUntilAsync(string step)
    {
        var last = created;
        var current = (await StatusAsync())["current_step"];
        while (current != step)
        {
            last = (await client.ApproveAsync(SessionId, current)).RequireOk();
            current = last["current_step"];
        }

        return last;
    }

    /// <summary>Approves all five steps, supplying the mandatory fields with the last.</summary>
    public async Task CompleteAsync(string? supplied = MandatoryFields)
    {
        await ApproveUntilAsync("final_review");
        var last = (await client.ApproveAsync(SessionId, "final_review", userInput: supplied)).RequireOk();
        Assert.True((bool)last.Json["completed"]!);
    }

    public Task<Reply> RegisterAsync(string? key = null) => client.AuthenticateAsync(FirNumber, EmbeddedStack.AuthKey, key);

    public async Task<Reply> StatusAsync() => (await client.StatusAsync(SessionId)).RequireOk();

    public async Task<string> FirTextAsync() => (await client.GetAsync($"/fir/{FirNumber}/content")).RequireOk()["content"];

    public async Task<string> FirStatusAsync() => (await client.GetAsync($"/fir/{FirNumber}")).RequireOk()["status"];

    /// <summary>The value of a field of the form, from an answer that shows the final review.</summary>
    public static string Field(Reply final, string key) => FieldNode(final, key)["value"]!.ToString();

    public static JsonNode FieldNode(Reply final, string key) =>
        final.Json["content"]!["fields"]!.AsArray().Single(field => field!["key"]!.ToString() == key)!;

    public static string[] Strings(JsonNode? array) => [.. array!.AsArray().Select(item => item!.ToString())];

    /// <summary>A date in India, some days ago, as complaints write it.</summary>
    public static DateTime DaysAgo(int days) => DateTime.UtcNow.AddMinutes(330).Date.AddDays(-days);

    public static string Slashed(DateTime date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
