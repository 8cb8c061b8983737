using System.Text.Json;
using AfirGen.Api.Drafting;
using AfirGen.Api.Reliability;

namespace AfirGen.Tests.Chat;

/// <summary>Drafting with a chat model. The server is a stand-in with scripted answers: no model is judged here.</summary>
public sealed class ChatDraftingTests
{
    private const string Complaint = "Ravi Kumar took my bicycle from the railway station on 3 March.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_summary_of_the_stand_in_server_is_used_and_names_the_chat_model()
    {
        await using var stack = await ChatStack.StartAsync(("ApiKey", "k-123"));
        stack.Server.Enqueue(FakeAnswer.Says("<think>hm</think>\nA bicycle was taken. It was Ravi Kumar."));

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.Equal(new Draft<string>("A bicycle was taken. It was Ravi Kumar.", "chat:stand-in"), draft);
        var request = Assert.Single(stack.Server.Requests);
        Assert.Equal(("/v1/chat/completions", "Bearer k-123"), (request.Path, request.Authorization));
    }

    [Fact]
    public async Task A_transcript_is_never_sent_to_the_stand_in_server()
    {
        await using var stack = await ChatStack.StartAsync();

        var draft = await stack.Model.TranscribeAsync(Input(), Cancellation);

        Assert.Equal("fixed transcript", draft.Content);
        Assert.Empty(stack.Server.Requests);
    }

    [Fact]
    public async Task The_officers_notes_reach_the_stand_in_server()
    {
        await using var stack = await ChatStack.StartAsync();

        await stack.Model.NarrateAsync(
            Input() with
            {
                Notes = [new OfficerNote(ReviewStep.SummaryReview, "It was a red bicycle")],
            },
            Cancellation
        );

        Assert.Contains("It was a red bicycle", UserMessage(stack.Server.Requests.Single()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 3)]
    [InlineData(429, 3)]
    [InlineData(408, 3)]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(404, 1)]
    public async Task When_the_stand_in_server_fails_the_fall_back_drafts_and_only_passing_failures_are_retried(int status, int attempts)
    {
        await using var stack = await ChatStack.StartAsync();
        stack.Server.Respond = _ => FakeAnswer.Fails(status);

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.Equal(("fixed summary", "fixed"), (draft.Content, draft.Model));
        Assert.Contains($"HTTP {status}", draft.Notice, StringComparison.Ordinal);
        Assert.Equal(attempts, stack.Server.Requests.Count);
    }

    [Fact]
    public async Task A_second_attempt_at_the_stand_in_server_that_succeeds_is_used()
    {
        await using var stack = await ChatStack.StartAsync();
        stack.Server.Enqueue(FakeAnswer.Fails(503), FakeAnswer.Malformed(), FakeAnswer.Says("Third time lucky."));

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.Equal(("Third time lucky.", null), (draft.Content, draft.Notice));
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Fact]
    public async Task Answers_of_the_stand_in_server_that_cannot_be_used_fall_back_with_both_notices()
    {
        await using var stack = await ChatStack.StartAsync(("MaxRetries", "0"));
        stack.Server.Enqueue(FakeAnswer.Says("  "), FakeAnswer.Says("Half a narr", finishReason: "length"), FakeAnswer.Malformed());

        var drafts = new[]
        {
            await stack.Model.NarrateAsync(Input(), Cancellation),
            await stack.Model.NarrateAsync(Input(), Cancellation),
            await stack.Model.NarrateAsync(Input(), Cancellation),
        };

        Assert.All(drafts, draft => Assert.Equal("fixed narrative", draft.Content));
        Assert.All(drafts, draft => Assert.EndsWith("drafted by fixed. fixed notice", draft.Notice, StringComparison.Ordinal));
        Assert.Contains("was empty", drafts[0].Notice, StringComparison.Ordinal);
        Assert.Contains("was cut off", drafts[1].Notice, StringComparison.Ordinal);
        Assert.Contains("could not be understood", drafts[2].Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stand_in_server_that_hangs_costs_no_more_than_the_timeout()
    {
        // The breaker counts the attempt, which ends a quarter of it earlier: on a loaded machine too.
        await using var stack = await ChatStack.StartAsync(("Timeout", "00:00:08"), ("MaxRetries", "1"));
        stack.Server.Respond = _ => FakeAnswer.Hangs();

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.Equal("fixed summary", draft.Content);
        Assert.Contains("did not answer in time", draft.Notice, StringComparison.Ordinal);
        Assert.Equal(1, stack.Breaker.Status.FailureCount);
    }

    [Fact]
    public async Task After_five_failures_the_stand_in_server_is_left_alone()
    {
        await using var stack = await ChatStack.StartAsync(("MaxRetries", "0"));
        stack.Server.Respond = _ => FakeAnswer.Fails(500);
        for (var call = 0; call < NamedCircuitBreaker.Threshold; call++)
        {
            await stack.Model.SummariseAsync(Input(), Cancellation);
        }

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.Equal(NamedCircuitBreaker.Threshold, stack.Server.Requests.Count);
        Assert.Equal("open", stack.Breaker.Status.State);
        Assert.Contains("not asked for now", draft.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_complaint_that_the_stand_in_server_refuses_does_not_open_the_breaker_for_others()
    {
        await using var stack = await ChatStack.StartAsync();
        stack.Server.Respond = _ => FakeAnswer.Fails(400);
        for (var call = 0; call <= NamedCircuitBreaker.Threshold; call++)
        {
            await stack.Model.SummariseAsync(Input(), Cancellation);
        }

        Assert.Equal(("closed", 0), (stack.Breaker.Status.State, stack.Breaker.Status.FailureCount));
    }

    [Fact]
    public async Task A_caller_that_leaves_gets_its_cancellation_and_no_draft_while_the_stand_in_server_is_not_blamed()
    {
        await using var stack = await ChatStack.StartAsync();
        var asked = new TaskCompletionSource();
        stack.Server.Respond = _ =>
        {
            asked.TrySetResult();
            return FakeAnswer.Hangs();
        };
        using var caller = new CancellationTokenSource();

        var summary = stack.Model.SummariseAsync(Input(), caller.Token);
        var sections = stack.Model.FindSectionsAsync(Input(), caller.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => summary);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sections);
        Assert.Equal(0, stack.Breaker.Status.FailureCount);
    }

    [Fact]
    public async Task No_word_of_the_complaint_reaches_a_log_or_a_notice_even_when_the_stand_in_server_repeats_it()
    {
        await using var stack = await ChatStack.StartAsync(("ApiKey", "k-123"));
        stack.Server.Respond = request => FakeAnswer.Fails(500, JsonSerializer.Serialize(new { error = new { message = request.Body } }));

        var draft = await stack.Model.SummariseAsync(Input(), Cancellation);

        Assert.NotEmpty(stack.Logs.Lines);
        Assert.All(
            [.. stack.Logs.Lines, draft.Notice!],
            line => Assert.DoesNotContain("bicycle", line, StringComparison.OrdinalIgnoreCase)
        );
        Assert.All(stack.Logs.Lines, line => Assert.DoesNotContain("k-123", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_complaint_reaches_the_stand_in_server_whole_in_pieces_and_the_notice_says_so()
    {
        await using var stack = await ChatStack.StartAsync(("MaxPieceCharacters", "500"));
        var sentences = Enumerable.Range(1, 60).Select(i => $"Fact number {i} happened.").ToList();

        var draft = await stack.Model.NarrateAsync(Input(string.Join(' ', sentences)), Cancellation);

        var sent = string.Concat(stack.Server.Requests.Select(UserMessage));
        Assert.All(sentences, sentence => Assert.Contains(sentence, sent, StringComparison.Ordinal));
        Assert.Contains($"in {stack.Server.Requests.Count} pieces", draft.Notice, StringComparison.Ordinal);
        Assert.Equal("chat:stand-in", draft.Model);
    }

    private static DraftingInput Input(string text = Complaint) =>
        new()
        {
            Source = ComplaintSource.Text,
            OriginalText = text,
            ReceivedAt = DateTimeOffset.UnixEpoch,
        };

    private static string UserMessage(RecordedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var message = body.RootElement.GetProperty("messages").EnumerateArray().Single(m => m.GetProperty("role").GetString() == "user");
        var content = message.GetProperty("content");
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
    }
}
