using AfirGen.Api.Drafting;

namespace AfirGen.Tests.Chat;

/// <summary>A fall-back whose drafts are recognised at a glance.</summary>
internal sealed class FixedDraftingModel : IDraftingModel
{
    public string Name => "fixed";

    public IReadOnlyList<SectionFinding> Candidates { get; set; } =
    [
        new() { Section = "303(2)", Title = "Theft" },
        new() { Section = "115(2)", Title = "Voluntarily causing hurt" },
        new() { Section = "351(2)", Title = "Criminal intimidation" },
    ];

    public Task<Draft<string>> TranscribeAsync(DraftingInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new Draft<string>("fixed transcript", Name));

    public Task<Draft<string>> SummariseAsync(DraftingInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new Draft<string>("fixed summary", Name));

    public Task<Draft<IReadOnlyList<SectionFinding>>> FindSectionsAsync(DraftingInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new Draft<IReadOnlyList<SectionFinding>>(Candidates, Name));

    public Task<Draft<string>> NarrateAsync(DraftingInput input, CancellationToken cancellationToken) =>
        Task.FromResult(new Draft<string>("fixed narrative", Name, "fixed notice"));
}
