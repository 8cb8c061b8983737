using System.Diagnostics;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>Drafts the artefact of one review step. Stores nothing: what is lost in a crash is drafted again.</summary>
internal sealed class StepDrafter(IDraftingModel model, IFirRenderer renderer, TimeProvider clock)
{
    private static readonly ActivitySource Traces = new("AfirGen.Drafting");

    public async Task<SessionEvent> DraftAsync(SessionState session, ReviewStep step, CancellationToken cancellationToken)
    {
        using var activity = Traces.HasListeners() ? Traces.StartActivity($"draft {SnakeCase.Of(step)}") : null;
        var input = session.ToInput();
        switch (step)
        {
            case ReviewStep.TranscriptReview:
                var transcript = await model.TranscribeAsync(input, cancellationToken);
                return new TranscriptDrafted(transcript.Content, transcript.Model, Notice(transcript.Notice));
            case ReviewStep.SummaryReview:
                var summary = await model.SummariseAsync(input, cancellationToken);
                return new SummaryDrafted(summary.Content, summary.Model, Notice(summary.Notice));
            case ReviewStep.ViolationsReview:
                var sections = await model.FindSectionsAsync(input, cancellationToken);
                return new SectionsDrafted(sections.Content, sections.Model, sections.Notice);
            case ReviewStep.FirNarrativeReview:
                var narrative = await model.NarrateAsync(input, cancellationToken);
                return new NarrativeDrafted(narrative.Content, narrative.Model, Notice(narrative.Notice));
            case ReviewStep.FinalReview:
                var fir = renderer.Render(new(session.FirNumber, input, clock.GetUtcNow()));
                return new FirRendered(fir.Content, fir.Fields, Notice(null));
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step.");
        }

        // Sections are added and removed by a correction at any step; the sections' own step says by itself what it made of it.
        string? Notice(string? ofDraft) =>
            (ofDraft, SectionNotice.OfNote(input.Notes, step)) switch
            {
                (null, var ofNote) => ofNote,
                (_, null) => ofDraft,
                var (one, other) => $"{one} {other}",
            };
    }
}
