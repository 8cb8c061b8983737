using System.Globalization;
using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>From the complaint to the registered FIR, by HTTP alone.</summary>
public sealed class JourneyTests(JourneyTests.Station shared) : IClassFixture<JourneyTests.Station>
{
    // Absolute dates of the samples are moved to the recent past: what lies in the future is no date of occurrence.
    private static readonly DateTime Recently = Journey.DaysAgo(3);

    private static readonly Dictionary<string, Expected> Complaint = new()
    {
        ["theft"] = new(
            Complaints.Theft.Replace("15/10/2026", Journey.Slashed(Recently), StringComparison.Ordinal),
            ["303(2)"],
            "motorcycle",
            new()
            {
                ["complainant_name"] = "Ramesh Kumar",
                ["relative_name"] = "s/o Suresh Kumar",
                ["date_of_birth"] = "aged 34 years",
                ["complainant_address"] = "House No. 12, Gali No. 3, Shastri Nagar, Meerut",
                ["complainant_contact"] = "9812345678",
                ["occupation"] = "shopkeeper",
                ["date_from"] = Journey.Slashed(Recently),
                ["occurrence_day"] = Recently.DayOfWeek.ToString(),
                ["time_from"] = "about 7:30 pm",
                ["occurrence_place"] = "near Begum Bridge market",
                ["accused"] = "Two unknown persons",
                ["witnesses"] = "Mohan Lal; Imran Khan",
                ["property_total"] = "Rs 63,500",
            },
            ["passport_number", "uid", "complainant_email"]
        ),
        ["cheating"] = new(
            Complaints.Cheating.Replace(
                "20 September 2026",
                Recently.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            ),
            ["318(4)", "319(2)"],
            "Rahul Verma",
            new()
            {
                ["complainant_name"] = "Sunita Sharma",
                ["relative_name"] = "w/o Anil Sharma",
                ["complainant_contact"] = "9876501234",
                ["complainant_email"] = "sunita.sharma@example.in",
                ["occupation"] = "teacher",
                ["date_from"] = Journey.Slashed(Recently),
                ["time_from"] = "11:15 am",
                ["occurrence_place"] = "Flat 204, Green Park Apartments, Sector 18, Noida",
                ["accused"] = "a person calling himself or herself Rahul Verma",
                ["accused_traces"] = "telephone 7012345678; UPI rverma22@okpay",
                ["property_total"] = "Rs 73,500",
            },
            ["passport_number", "witnesses", "gd_entry"]
        ),
        ["assault"] = new(
            Complaints.Assault,
            ["115(2)", "118(1)", "126(2)", "351(3)", "352"],
            "Vikram Singh",
            new()
            {
                ["complainant_name"] = "Imtiaz Ali",
                ["relative_name"] = "s/o Karim Ali",
                ["complainant_address"] = "Village Rampur, Post Office Barwala, District Hisar, Haryana",
                ["complainant_contact"] = "+91 98123 45670",
                ["occupation"] = "farmer",
                ["time_from"] = "about 9 pm",
                ["occurrence_place"] = "Near Shiv Mandir, Rampur",
                ["accused"] = "Vikram Singh, s/o Balbir Singh; Ajay Singh",
                ["witnesses"] = "Suresh Pal; Dharam Veer",
                ["property_total"] = "Rs 12,000",
            },
            ["passport_number", "complainant_email", "uid"]
        ),
    };

    private ApiClient Client => shared.Client;

    [Theory]
    [InlineData("theft")]
    [InlineData("cheating")]
    [InlineData("assault")]
    [Trait("Defect", "D-01")]
    [Trait("Defect", "D-03")]
    [Trait("Defect", "D-04")]
    [Trait("Defect", "D-05")]
    [Trait("Defect", "D-06")]
    [Trait("Defect", "D-34")]
    [Trait("Defect", "D-35")]
    public async Task A_complaint_becomes_a_registered_FIR_that_holds_all_that_was_approved(string name)
    {
        var expected = Complaint[name];
        var journey = await Journey.BeginAsync(Client, expected.Text);
        Assert.Equal("draft", await journey.FirStatusAsync());
        var page = (await Client.GetAsync("/list_firs?limit=1")).RequireOk();
        var listed = page.Json["records"]![0]!;
        Assert.Equal(journey.FirNumber, page["next"]);
        var behind = (await Client.GetAsync($"/list_firs?limit=100&after={page["next"]}")).RequireOk().Json["records"]!.AsArray();
        Assert.DoesNotContain(behind, record => record!["fir_number"]!.ToString() == journey.FirNumber);
        Assert.Equal((journey.FirNumber, "draft"), (listed["fir_number"]!.ToString(), listed["status"]!.ToString()));

        var approved = await ApproveEveryStepAsync(journey, expected);

        Assert.Equal("pending", await journey.FirStatusAsync());
        var fir = await journey.FirTextAsync();
        Assert.Contains($"\n{expected.Text}\n", fir, StringComparison.Ordinal);
        Assert.All(approved, artefact => Assert.Contains(artefact, fir, StringComparison.Ordinal));
        Assert.All(
            ["Kotwali", "Meerut City", "Uttar Pradesh", "A. Singh", "Inspector", "UP-1234"],
            configured => Assert.Contains(configured, fir, StringComparison.Ordinal)
        );
        Assert.Equal(journey.FirNumber, Regex.Match(fir, "FIR-[0-9a-f]{8}-[0-9]{14}").Value);
        await RegisterAsync(journey, fir);
    }

    /// <summary>Looks at each step, then approves it.</summary>
    /// <returns>Every text that was approved.</returns>
    private async Task<List<string>> ApproveEveryStepAsync(Journey journey, Expected expected)
    {
        var approved = new List<string>();
        var created = journey.Created.Json;
        Assert.Equal("transcript_review", created["current_step"]!.ToString());
        Assert.True((bool)created["requires_validation"]!);
        Assert.Equal(["text_received", "transcript_drafted"], Journey.Strings(created["steps"]));
        approved.Add(created["content_for_validation"]!["transcript"]!.ToString());

        var summary = await ApproveAsync(journey, "transcript_review", "summary_review", "Summary generated");
        approved.Add(summary.Json["content"]!["summary"]!.ToString());
        Assert.Contains(expected.SummaryWord, approved[^1], StringComparison.Ordinal);

        var violations = await ApproveAsync(journey, "summary_review", "violations_review", "Legal violations identified");
        var sections = violations.Json["content"]!["violations"]!.AsArray().Select(v => v!["section"]!.ToString()).ToList();
        Assert.All(expected.Sections, section => Assert.Contains(section, sections));
        approved.AddRange(violations.Json["content"]!["violations"]!.AsArray().Select(v => $"Section {v!["section"]}: {v["title"]}"));

        var narrative = await ApproveAsync(journey, "violations_review", "fir_narrative_review", "FIR narrative generated");
        approved.Add(narrative.Json["content"]!["fir_narrative"]!.ToString());
        Assert.StartsWith("The complainant, ", approved[^1], StringComparison.Ordinal);

        var final = await ApproveAsync(journey, "fir_narrative_review", "final_review", "FIR generated successfully");
        Assert.Empty(final.Json["content"]!["missing_fields"]!.AsArray());
        Assert.All(expected.Facts, fact => Assert.Equal(fact.Value, Journey.Field(final, fact.Key)));
        Assert.All(expected.Unknown, key => Assert.Equal("Not recorded", Journey.Field(final, key)));
        Assert.Equal(journey.FirNumber, Journey.Field(final, "fir_number"));

        var done = (await Client.ApproveAsync(journey.SessionId, "final_review")).RequireOk();
        Assert.Equal("FIR processing completed successfully!", done["message"]);
        Assert.True((bool)done.Json["completed"]!);
        Assert.False((bool)done.Json["requires_validation"]!);
        Assert.Equal("completed", (await journey.StatusAsync())["status"]);
        return approved;
    }

    private async Task<Reply> ApproveAsync(Journey journey, string step, string next, string message)
    {
        var reply = (await Client.ApproveAsync(journey.SessionId, step)).RequireOk();
        Assert.Equal((next, journey.SessionId), (reply["current_step"], reply["session_id"]));
        Assert.StartsWith(message, reply["message"], StringComparison.Ordinal);

        // What was answered is what is stored: the status shows the same content.
        var status = await journey.StatusAsync();
        Assert.Equal(reply.Json["content"]!.ToJsonString(), status.Json["content"]!.ToJsonString());
        return reply;
    }

    private async Task RegisterAsync(Journey journey, string approvedText)
    {
        var before = shared.Stack.Stores.RegistryCount("fir_records WHERE status = 'finalized'");
        var registered = (await journey.RegisterAsync()).RequireOk();

        Assert.Equal($"KTW-1/{Journey.DaysAgo(0).Year}/{before + 1:0000}", registered["registration_number"]);
        Assert.Equal(registered["registration_number"], registered.Json["receipt"]!["registration_number"]!.ToString());
        var row = (await Client.GetAsync($"/fir/{journey.FirNumber}")).RequireOk();
        Assert.Equal(("finalized", registered["registration_number"]), (row["status"], row["registration_number"]));
        Assert.NotEmpty(row["finalized_at"]);
        Assert.Equal(approvedText, await journey.FirTextAsync());
    }

    private sealed record Expected(string Text, string[] Sections, string SummaryWord, Dictionary<string, string> Facts, string[] Unknown);

    public sealed class Station : SharedService
    {
        internal override Dictionary<string, string> Settings =>
            new()
            {
                ["AfirGen:Station:Code"] = "KTW-1",
                ["AfirGen:Station:Name"] = "Kotwali",
                ["AfirGen:Station:District"] = "Meerut City",
                ["AfirGen:Station:State"] = "Uttar Pradesh",
                ["AfirGen:Station:OfficerName"] = "A. Singh",
                ["AfirGen:Station:OfficerRank"] = "Inspector",
                ["AfirGen:Station:OfficerNumber"] = "UP-1234",
            };
    }
}
