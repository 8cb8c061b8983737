using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Models;

/// <summary>The embedded default: rules and the statute index. No network; the same input gives the same drafts.</summary>
internal sealed class ExtractiveDraftingModel(StatuteIndex statutes) : IDraftingModel
{
    private const string OfficerHeading = "Added by the officer:";

    public string Name => "extractive";

    public Task<Draft<string>> TranscribeAsync(DraftingInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var transcript = TranscriptTidier.Tidy(input.OriginalText, input.Source);
        foreach (var note in OfficerNotes.Remarks(input.Notes, ReviewStep.TranscriptReview))
        {
            transcript += $"\n\n{OfficerHeading}\n{note}";
        }
        return Drafted(transcript);
    }

    public Task<Draft<string>> SummariseAsync(DraftingInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var summary =
            OfficerNotes.Corrections(input.Notes).GetValueOrDefault(FieldKeys.Summary) is { } corrected && corrected != FirForm.NotRecorded
                ? corrected
                : ExtractiveSummary.Of(input.OriginalText, statutes);
        foreach (var note in OfficerNotes.Remarks(input.Notes, ReviewStep.SummaryReview))
        {
            summary += $"\n{OfficerHeading} {note}";
        }
        return Drafted(summary);
    }

    public Task<Draft<IReadOnlyList<SectionFinding>>> FindSectionsAsync(DraftingInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var story = string.Join(
            '\n',
            OfficerNotes
                .Remarks(input.Notes)
                .SelectMany(remark => remark.Text.Split('\n'))
                .Where(line => !SectionLine.IsInstruction(line))
                .Prepend(input.Transcript)
                .Prepend(input.OriginalText)
                .OfType<string>()
        );
        var findings = SectionNotes.Apply(statutes.Search(story), input.Notes, statutes.Table);
        return Task.FromResult(
            new Draft<IReadOnlyList<SectionFinding>>(findings, Name, SectionNotice.Of(findings, input.Notes, statutes.Table))
        );
    }

    public Task<Draft<string>> NarrateAsync(DraftingInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Drafted(TemplateNarrative.Write(input));
    }

    private Task<Draft<string>> Drafted(string content) => Task.FromResult(new Draft<string>(content, Name));
}
