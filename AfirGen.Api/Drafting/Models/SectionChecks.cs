namespace AfirGen.Api.Drafting.Models;

/// <summary>
/// Asks the chat model about each of the best candidates. Only a clear NO about the whole complaint removes a section;
/// whatever else happens keeps it, marked as not checked (a section that is dropped silently is an offence that is not charged).
/// </summary>
internal sealed class SectionChecks(ChatQuestions questions)
{
    public const int MaxChecked = 10;

    public async Task<SectionCheckResult> CheckAsync(
        IReadOnlyList<SectionFinding> candidates,
        ComplaintPieces complaint,
        CancellationToken cancellationToken
    )
    {
        var verdicts = await Task.WhenAll(
            candidates.Take(MaxChecked).Select(candidate => CheckAsync(candidate, complaint, cancellationToken))
        );
        var unasked = candidates.Skip(MaxChecked).Select(candidate => new CheckedSection(candidate, Verdict.NotAsked));
        return new([.. verdicts, .. unasked]);
    }

    private async Task<CheckedSection> CheckAsync(SectionFinding candidate, ComplaintPieces complaint, CancellationToken cancellationToken)
    {
        try
        {
            // Piece after piece: most complaints are one piece, and the first YES settles it.
            foreach (var piece in complaint.Pieces)
            {
                var answer = await questions.AskAsync(Prompts.SectionCheck(piece, candidate), 0, cancellationToken);
                if (IsYes(answer))
                {
                    return new(candidate, Verdict.Yes);
                }
            }

            // NO to a part of the complaint is no verdict on the complaint.
            return new(candidate, complaint.UnreadCharacters == 0 ? Verdict.No : Verdict.NotAsked);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(candidate, Verdict.Failed, exception);
        }
    }

    private static bool IsYes(string answer)
    {
        var word = answer.AsSpan().TrimStart("*_\"'` \n");
        var length = 0;
        while (length < word.Length && char.IsAsciiLetter(word[length]))
        {
            length++;
        }

        return word[..length] switch
        {
            var yes when yes.Equals("YES", StringComparison.OrdinalIgnoreCase) => true,
            var no when no.Equals("NO", StringComparison.OrdinalIgnoreCase) => false,
            _ => throw new UnusableAnswerException("its answer was neither YES nor NO"),
        };
    }
}

internal enum Verdict
{
    Yes,
    No,
    Failed,
    NotAsked,
}

internal sealed record CheckedSection(SectionFinding Candidate, Verdict Verdict, Exception? Failure = null)
{
    public SectionFinding Finding => Candidate with { Checked = Verdict == Verdict.Yes };
}

/// <param name="All">Every candidate with its verdict, best first.</param>
internal sealed record SectionCheckResult(IReadOnlyList<CheckedSection> All)
{
    public IReadOnlyList<SectionFinding> Sections =>
        [.. All.Where(section => section.Verdict != Verdict.No).Select(section => section.Finding)];

    public IReadOnlyList<string> Failed => Named(Verdict.Failed);

    public Exception? FirstFailure => All.FirstOrDefault(section => section.Failure is not null)?.Failure;

    /// <summary>Whether the chat model had a part in the list.</summary>
    public bool Answered => All.Any(section => section.Verdict is Verdict.Yes or Verdict.No);

    /// <summary>Names what was removed and what was not checked, so that neither is silent; null when all were confirmed.</summary>
    public string? Notice(string failureReason)
    {
        var removed = Named(Verdict.No);
        var unasked = Named(Verdict.NotAsked);
        string[] parts =
        [
            .. removed.Count == 0 ? [] : (string[])[$"Removed by the chat model as not applicable: {string.Join(", ", removed)}."],
            .. Failed.Count == 0
                ? []
                : (string[])[$"Not checked, because the chat model failed ({failureReason}): {string.Join(", ", Failed)}."],
            .. unasked.Count == 0 ? [] : (string[])[$"Not checked: {string.Join(", ", unasked)}."],
        ];
        return parts.Length == 0 ? null : string.Join(" ", parts);
    }

    private List<string> Named(Verdict verdict) =>
        [.. All.Where(section => section.Verdict == verdict).Select(section => section.Candidate.Section)];
}
