using AfirGen.Api.Drafting;

namespace AfirGen.Tests.Chat;

/// <summary>Sections are checked by the chat model, here a stand-in server, and never dropped silently.</summary>
[Trait("Defect", "D-11")]
public sealed class SectionCheckTests
{
    private static readonly DraftingInput Input = new()
    {
        Source = ComplaintSource.Text,
        OriginalText = "He took my bicycle.",
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Yes_keeps_a_section_no_removes_it_and_a_failed_check_of_the_stand_in_server_keeps_it_unchecked()
    {
        await using var stack = await ChatStack.StartAsync(("MaxRetries", "0"));
        stack.Server.Respond = request =>
            About(request, "303(2)", "115(2)") switch
            {
                "303(2)" => FakeAnswer.Says("**Yes**, it does."),
                "115(2)" => FakeAnswer.Says("NO"),
                _ => FakeAnswer.Fails(500),
            };

        var draft = await stack.Model.FindSectionsAsync(Input, Cancellation);

        Assert.Equal([("303(2)", true), ("351(2)", false)], draft.Content.Select(section => (section.Section, section.Checked)));
        Assert.Equal("chat:stand-in", draft.Model);
        Assert.Contains("Removed by the chat model as not applicable: 115(2).", draft.Notice, StringComparison.Ordinal);
        Assert.Contains("(it answered HTTP 500): 351(2).", draft.Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Perhaps")]
    [InlineData("Nothing in the text says so")]
    [InlineData("303")]
    public async Task An_answer_of_the_stand_in_server_that_is_neither_yes_nor_no_removes_nothing(string answer)
    {
        await using var stack = await ChatStack.StartAsync();
        stack.Server.Respond = _ => FakeAnswer.Says(answer);

        var draft = await stack.Model.FindSectionsAsync(Input, Cancellation);

        Assert.Equal(3, draft.Content.Count);
        Assert.All(draft.Content, section => Assert.False(section.Checked));
        Assert.Equal("fixed", draft.Model);
    }

    [Fact]
    public async Task When_the_stand_in_server_is_down_every_section_is_kept_unchecked()
    {
        await using var stack = await ChatStack.StartAsync();
        await stack.Server.DisposeAsync();

        var draft = await stack.Model.FindSectionsAsync(Input, Cancellation);

        Assert.Equal([false, false, false], draft.Content.Select(section => section.Checked));
        Assert.Contains("303(2), 115(2), 351(2)", draft.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stand_in_server_can_add_no_section()
    {
        await using var stack = await ChatStack.StartAsync();
        stack.Server.Respond = _ => FakeAnswer.Says("YES. Also section 103 (murder) applies.");

        var draft = await stack.Model.FindSectionsAsync(Input, Cancellation);

        Assert.Equal(stack.Fallback.Candidates, draft.Content);
        Assert.Null(draft.Notice);
    }

    [Fact]
    public async Task Ten_sections_are_checked_side_by_side_within_the_limit_and_the_rest_is_said_to_be_unchecked()
    {
        await using var stack = await ChatStack.StartAsync(("MaxConcurrentCalls", "4"));
        stack.Fallback.Candidates = [.. Enumerable.Range(1, 12).Select(i => new SectionFinding { Section = $"{i}", Title = "T" })];
        var release = new TaskCompletionSource();
        stack.Server.Respond = _ =>
        {
            if (stack.Server.MostUnderWay >= 4)
            {
                release.TrySetResult();
            }

            return FakeAnswer.SaysAfter(release, "YES");
        };

        var draft = await stack.Model.FindSectionsAsync(Input, Cancellation);

        Assert.Equal((10, 4), (stack.Server.Requests.Count, stack.Server.MostUnderWay));
        Assert.Equal(["11", "12"], draft.Content.Where(section => !section.Checked).Select(section => section.Section));
        Assert.Equal("Not checked: 11, 12.", draft.Notice);
    }

    [Fact]
    public async Task A_no_of_the_stand_in_server_to_part_of_a_complaint_that_was_not_read_to_its_end_removes_nothing()
    {
        await using var stack = await ChatStack.StartAsync(("MaxPieceCharacters", "500"));
        stack.Server.Respond = _ => FakeAnswer.Says("NO");

        var draft = await stack.Model.FindSectionsAsync(Input with { OriginalText = new string('x', 9_000) }, Cancellation);

        Assert.Equal([false, false, false], draft.Content.Select(section => section.Checked));
        Assert.Contains("3000 characters were not read", draft.Notice, StringComparison.Ordinal);
    }

    private static string? About(RecordedRequest request, params string[] sections) =>
        sections.FirstOrDefault(section => request.Body.Contains($"section {section} ", StringComparison.Ordinal));
}
