using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>What the officer writes during the review is in the next draft and in the FIR.</summary>
public sealed class CorrectionTests(SharedService shared) : IClassFixture<SharedService>
{
    private ApiClient Client => shared.Client;

    [Theory]
    [InlineData("transcript_review", "transcript")]
    [InlineData("summary_review", "summary")]
    [InlineData("violations_review", null)]
    [InlineData("fir_narrative_review", "fir_narrative")]
    [InlineData("final_review", "fir_content")]
    [Trait("Defect", "D-12")]
    public async Task A_correction_and_a_remark_stand_in_the_step_drafted_again_and_in_the_FIR(string step, string? artefact)
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Assault, step);
        const string remark = "The lane had no street light ज़ that night.";

        var redrafted = (await Client.CorrectAsync(journey.SessionId, $"Phone: 9000000042\n{remark}")).RequireOk();

        Assert.Equal((step, $"Content regenerated for {step}"), (redrafted["current_step"], redrafted["message"]));
        if (artefact is not null)
        {
            Assert.Contains(remark, redrafted.Json["content"]![artefact]!.ToString(), StringComparison.Ordinal);
        }

        var final = step == "final_review" ? redrafted : await journey.ApproveUntilAsync("final_review");
        Assert.Equal("9000000042", Journey.Field(final, "complainant_contact"));
        await journey.CompleteAsync(supplied: null);
        var fir = await journey.FirTextAsync();
        Assert.Contains("9000000042", fir, StringComparison.Ordinal);
        Assert.Contains(remark, fir, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-12")]
    public async Task Sections_are_corrected_in_the_list_of_sections()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "violations_review");

        var redrafted = (await Client.CorrectAsync(journey.SessionId, "add 317(2)\nremove 303")).RequireOk();

        var sections = redrafted.Json["content"]!["violations"]!.AsArray().Select(v => v!["section"]!.ToString());
        Assert.Equal(["317(2)"], sections);
        Assert.Equal("317(2)", Journey.Field(await journey.ApproveUntilAsync("final_review"), "sections"));
    }

    [Theory]
    [InlineData("transcript_review")]
    [InlineData("summary_review")]
    [InlineData("violations_review")]
    [InlineData("fir_narrative_review")]
    [InlineData("final_review")]
    public async Task At_every_step_the_officer_is_told_which_section_was_not_added_and_it_is_in_no_list(string step)
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, step);

        var redrafted = (await Client.CorrectAsync(journey.SessionId, "Add section 66 of the Information Technology Act.")).RequireOk();

        var notice = redrafted.Json["content"]!["notice"]!.ToString();
        Assert.Contains("Changes no section", notice, StringComparison.Ordinal);
        Assert.Contains("66 of the Information", notice, StringComparison.Ordinal);
        var final = step == "final_review" ? redrafted : await journey.ApproveUntilAsync("final_review");
        Assert.Equal("303(2)", Journey.Field(final, "sections"));
        var again = (await Client.CorrectAsync(journey.SessionId, "Beat: 1")).RequireOk();
        Assert.Null(again.Json["content"]!["notice"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Defect", "D-12")]
    public async Task A_step_is_drafted_again_by_query_and_by_JSON_body(bool query)
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "summary_review");
        const string remark = "Both locks were broken & \"new\" = 1.";

        var reply = query
            ? await Client.RegenerateAsync(journey.SessionId, "summary_review", remark)
            : await Client.PostAsync(
                $"/regenerate/{journey.SessionId}",
                new JsonObject { ["step"] = "summary_review", ["user_input"] = remark }
            );

        reply.RequireOk();
        Assert.Equal(("summary_review", "Content regenerated for summary_review"), (reply["step"], reply["message"]));
        Assert.Contains(remark, reply.Json["content"]!["summary"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-12")]
    public async Task What_is_added_while_approving_stands_in_the_FIR_too()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "final_review");

        await journey.CompleteAsync("Beat no.: 17\nThe complainant signed in my presence.");

        var fir = await journey.FirTextAsync();
        Assert.Contains("The complainant signed in my presence.", fir, StringComparison.Ordinal);
        Assert.Matches(@"Beat no\.:\s+17\n", fir);
    }

    [Fact]
    public async Task Values_given_by_field_keep_their_lines_and_come_after_the_words()
    {
        const string address = "House No. 12,\n  गली नं. 3,\nMeerut: Uttar Pradesh";
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "fir_narrative_review");

        var redrafted = await FieldsAsync(
            journey,
            false,
            new()
            {
                ["Complainant's address"] = address,
                ["beat_number"] = "17",
                ["witnesses"] = "",
                ["sections"] = "303(2), 317(2)",
            },
            "Beat no.: 16\nHe was calm."
        );

        var narrative = redrafted.Json["content"]!["fir_narrative"]!.ToString();
        Assert.Contains("r/o House No. 12, गली नं. 3, Meerut: Uttar Pradesh", narrative, StringComparison.Ordinal);
        var final = await journey.ApproveUntilAsync("final_review");
        Assert.Equal(address, Journey.Field(final, "complainant_address"));
        Assert.Equal("17", Journey.Field(final, "beat_number"));
        Assert.Equal("Not recorded", Journey.Field(final, "witnesses"));
        Assert.Equal("303(2), 317(2)", Journey.Field(final, "sections"));
        await FieldsAsync(journey, true, new() { ["property"] = "1. Watch, Rs 5,000\n2. Purse, Rs 2,000" });
        var fir = await journey.FirTextAsync();
        Assert.Contains($"(6i) Complainant's address:\n{address}\n", fir, StringComparison.Ordinal);
        Assert.Contains("Property:\n1. Watch, Rs 5,000\n2. Purse, Rs 2,000\n", fir, StringComparison.Ordinal);
        Assert.Matches(@"Total value:\s+Rs 7,000\n", fir);
        Assert.Contains("He was calm.", fir, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G3_a_key_belongs_to_the_values_by_field_too()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "final_review");
        var key = $"fields-{journey.SessionId}";
        var first = await FieldsAsync(journey, false, new() { ["beat_number"] = "17" }, key: key);

        var other = await SendFieldsAsync(journey, false, new() { ["beat_number"] = "18" }, key: key);
        var again = await FieldsAsync(journey, false, new() { ["beat_number"] = "17" }, key: key);

        Assert.Equal((422, "key-reused"), (other.Status, other.ProblemType));
        Assert.Equal(first.Body, again.Body);
        Assert.Equal("17", Journey.Field(again, "beat_number"));
    }

    [Fact]
    public async Task A_rejection_without_input_changes_nothing_and_asks_for_input()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft, "summary_review");
        var before = await shared.Stack.Stores.ContentsAsync();

        var reply = (
            await Client.PostAsync("/validate", new JsonObject { ["session_id"] = journey.SessionId, ["approved"] = false })
        ).RequireOk();

        Assert.Equal("Please provide corrections or additional input", reply.Json["content"]!["message"]!.ToString());
        Assert.Equal("summary_review", reply["current_step"]);
        Assert.Equal(before, await shared.Stack.Stores.ContentsAsync());
    }

    [Fact]
    [Trait("Defect", "D-06")]
    public async Task Registration_names_the_mandatory_fields_that_are_missing_and_works_once_they_are_supplied()
    {
        var journey = await Journey.BeginAsync(Client, "My bag was stolen.");
        var final = await journey.ApproveUntilAsync("final_review");
        string[] missing = ["Date of occurrence (from)", "Place of occurrence", "Complainant's name", "Complainant's address"];
        Assert.Equal(missing, Journey.Strings(final.Json["content"]!["missing_fields"]));
        await journey.CompleteAsync(supplied: null);

        var refused = await journey.RegisterAsync();

        Assert.Equal((422, "fir-incomplete"), (refused.Status, refused.ProblemType));
        Assert.Equal(missing, Journey.Strings(refused.Json["missing_fields"]));
        Assert.All(missing, label => Assert.Contains(label, refused["detail"], StringComparison.Ordinal));
        Assert.Equal("pending", await journey.FirStatusAsync());

        // The way out that the answer names: correct the completed session, which reopens it.
        var reopened = (await Client.CorrectAsync(journey.SessionId, Journey.MandatoryFields)).RequireOk();
        Assert.Empty(reopened.Json["content"]!["missing_fields"]!.AsArray());
        await journey.CompleteAsync(supplied: null);
        Assert.Equal("finalized", (await RegisteredAsync(journey))["status"]);
    }

    [Fact]
    [Trait("Defect", "D-12")]
    [Trait("Defect", "D-41")]
    public async Task A_completed_session_is_reopened_by_a_correction_until_it_is_registered()
    {
        var journey = await Journey.BeginAsync(Client, Complaints.Theft);
        await journey.CompleteAsync();

        var reopened = (await Client.CorrectAsync(journey.SessionId, "Witnesses: Leela Devi")).RequireOk();

        Assert.Equal(
            ("final_review", "False"),
            (reopened["current_step"], reopened["completed"].Replace("false", "False", StringComparison.Ordinal))
        );
        Assert.Equal("awaiting_validation", (await journey.StatusAsync())["status"]);
        Assert.Equal("wrong-state", (await journey.RegisterAsync()).ProblemType);
        await journey.CompleteAsync(supplied: null);
        await RegisteredAsync(journey);
        Assert.Contains("Leela Devi", await journey.FirTextAsync(), StringComparison.Ordinal);

        var late = await Client.CorrectAsync(journey.SessionId, "Witnesses: nobody");

        Assert.Equal((409, "already-finalized"), (late.Status, late.ProblemType));
        Assert.Contains("Leela Devi", await journey.FirTextAsync(), StringComparison.Ordinal);
    }

    private async Task<Reply> FieldsAsync(Journey journey, bool approved, JsonObject fields, string? words = null, string? key = null) =>
        (await SendFieldsAsync(journey, approved, fields, words, key)).RequireOk();

    private Task<Reply> SendFieldsAsync(Journey journey, bool approved, JsonObject fields, string? words = null, string? key = null) =>
        Client.PostAsync(
            "/validate",
            new JsonObject
            {
                ["session_id"] = journey.SessionId,
                ["approved"] = approved,
                ["user_input"] = words,
                ["fields"] = fields,
            },
            key
        );

    private async Task<Reply> RegisteredAsync(Journey journey)
    {
        (await journey.RegisterAsync()).RequireOk();
        return (await Client.GetAsync($"/fir/{journey.FirNumber}")).RequireOk();
    }
}
