using AfirGen.Api.Reliability;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AfirGen.Api.Drafting.Models;

/// <summary>
/// Drafts with a chat model. Whatever goes wrong with it, the officer gets a draft: the fall-back's, with a notice that says so.
/// Only the caller's own cancellation comes through.
/// </summary>
internal sealed class ChatDraftingModel(ChatQuestions questions, IDraftingModel fallback, ILogger<ChatDraftingModel> logger)
    : IDraftingModel
{
    private const float Factual = 0.1f;

    private readonly SectionChecks _checks = new(questions);

    public string Name => $"chat:{questions.ModelName}";

    /// <summary>The fall-back's tidy-up: what the complainant said is evidence, and a chat model would put it in other words.</summary>
    public Task<Draft<string>> TranscribeAsync(DraftingInput input, CancellationToken cancellationToken) =>
        fallback.TranscribeAsync(input, cancellationToken);

    public Task<Draft<string>> SummariseAsync(DraftingInput input, CancellationToken cancellationToken) =>
        DraftAsync("summary", input, SummariseAsync, fallback.SummariseAsync, cancellationToken);

    public Task<Draft<string>> NarrateAsync(DraftingInput input, CancellationToken cancellationToken) =>
        DraftAsync("narrative", input, NarrateAsync, fallback.NarrateAsync, cancellationToken);

    public async Task<Draft<IReadOnlyList<SectionFinding>>> FindSectionsAsync(DraftingInput input, CancellationToken cancellationToken)
    {
        // The statute table names the candidates; the chat model can only strike some out, never add one.
        var found = await fallback.FindSectionsAsync(input, cancellationToken);
        if (found.Content.Count == 0)
        {
            return found;
        }

        var pieces = ComplaintPieces.Of(input, questions.MaxPieceCharacters);
        var result = await _checks.CheckAsync(found.Content, pieces, cancellationToken);
        if (result.Failed.Count > 0)
        {
            logger.LogWarning(
                "The chat model could not check {Count} sections: {Reason}",
                result.Failed.Count,
                Reason(result.FirstFailure)
            );
        }

        var notice = Join(found.Notice, Join(result.Notice(Reason(result.FirstFailure)), pieces.Notice));
        return new(result.Sections, result.Answered ? Name : found.Model, notice);
    }

    private async Task<string> SummariseAsync(ComplaintPieces complaint, CancellationToken cancellationToken)
    {
        var pieces = complaint.Pieces;
        var text = pieces[0];
        if (pieces.Count > 1)
        {
            var notes = await Task.WhenAll(
                pieces.Select((piece, i) => AskAsync(Prompts.PieceNotes(piece, i + 1, pieces.Count), cancellationToken))
            );
            text = string.Join("\n\n", notes);
        }

        return await AskAsync(Prompts.Summary(text), cancellationToken);
    }

    private async Task<string> NarrateAsync(ComplaintPieces complaint, CancellationToken cancellationToken)
    {
        var pieces = complaint.Pieces;
        var parts = await Task.WhenAll(
            pieces.Select((piece, i) => AskAsync(Prompts.Narrative(piece, i + 1, pieces.Count), cancellationToken))
        );
        return string.Join("\n\n", parts);
    }

    private Task<string> AskAsync(Prompt prompt, CancellationToken cancellationToken) =>
        questions.AskAsync(prompt, Factual, cancellationToken);

    private async Task<Draft<string>> DraftAsync(
        string artefact,
        DraftingInput input,
        Func<ComplaintPieces, CancellationToken, Task<string>> draft,
        Func<DraftingInput, CancellationToken, Task<Draft<string>>> fallBack,
        CancellationToken cancellationToken
    )
    {
        var pieces = ComplaintPieces.Of(input, questions.MaxPieceCharacters);
        try
        {
            return new(await draft(pieces, cancellationToken), Name, pieces.Notice);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = Reason(exception);
            logger.LogWarning(
                "The chat model did not draft the {Artefact}: {Reason}; {Fallback} drafts it",
                artefact,
                reason,
                fallback.Name
            );
            var drafted = await fallBack(input, cancellationToken);
            var notice = $"The chat model did not draft this {artefact} ({reason}); it was drafted by {drafted.Model}.";
            return drafted with { Notice = Join(notice, drafted.Notice) };
        }
    }

    /// <summary>For officers and logs: says what failed, and carries neither the complaint nor anything that a server wrote.</summary>
    private static string Reason(Exception? exception) =>
        exception switch
        {
            RequestFaultException or DependencyAnswerException => exception.Message,
            BrokenCircuitException => "it failed repeatedly and is not asked for now",
            TimeoutRejectedException => "it did not answer in time",
            HttpRequestException => "it cannot be reached",
            _ => "its answer could not be understood",
        };

    private static string? Join(string? first, string? second) =>
        (first, second) switch
        {
            (null, _) => second,
            (_, null) => first,
            _ => $"{first} {second}",
        };
}
