using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Drafting.Statutes;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Drafting;

/// <summary>The drafting parts, made once for all tests: they are immutable.</summary>
internal static class Desk
{
    public static readonly StatuteTable Table = new();
    public static readonly StatuteIndex Statutes = new(Table);
    public static readonly ExtractiveDraftingModel Model = new(Statutes);

    public static DraftingInput Input(string text, params OfficerNote[] notes) => Input(text, Complaints.TheftReceivedAt, notes);

    public static DraftingInput Input(string text, DateTimeOffset receivedAt, params OfficerNote[] notes) =>
        new()
        {
            Source = ComplaintSource.Text,
            OriginalText = text,
            ReceivedAt = receivedAt,
            Notes = notes,
        };

    /// <summary>All four steps, each seeing what the earlier ones drafted, as a session runs them.</summary>
    public static async Task<DraftingInput> Draft(DraftingInput input, CancellationToken cancellationToken)
    {
        input = input with { Transcript = (await Model.TranscribeAsync(input, cancellationToken)).Content };
        input = input with { Summary = (await Model.SummariseAsync(input, cancellationToken)).Content };
        input = input with { Sections = (await Model.FindSectionsAsync(input, cancellationToken)).Content };
        return input with { Narrative = (await Model.NarrateAsync(input, cancellationToken)).Content };
    }

    public static RenderedFir Render(DraftingInput input, DateTimeOffset? renderedAt = null, StationOptions? station = null) =>
        new FirRenderer(Options.Create(station ?? new StationOptions()), Table).Render(
            new FirSource("FIR-0a1b2c3d-20261016100000", input, renderedAt ?? input.ReceivedAt)
        );

    public static RenderedField Field(this RenderedFir fir, string key) => fir.Fields.Single(f => f.Key == key);
}
