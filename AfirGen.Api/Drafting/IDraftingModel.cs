namespace AfirGen.Api.Drafting;

/// <summary>
/// Drafts the artefacts that the officer reviews. Implementations are pure with respect to the session: they read
/// <see cref="DraftingInput"/> and store nothing, so a draft that is lost in a crash is simply made again.
/// </summary>
internal interface IDraftingModel
{
    /// <summary>Stored with each draft, so that the record shows who drafted what.</summary>
    string Name { get; }

    /// <summary>A readable transcript of the complaint. The original text stays untouched in the session.</summary>
    Task<Draft<string>> TranscribeAsync(DraftingInput input, CancellationToken cancellationToken);

    /// <summary>Two sentences that say what happened.</summary>
    Task<Draft<string>> SummariseAsync(DraftingInput input, CancellationToken cancellationToken);

    /// <summary>Sections of the Bharatiya Nyaya Sanhita that may apply, best first.</summary>
    Task<Draft<IReadOnlyList<SectionFinding>>> FindSectionsAsync(DraftingInput input, CancellationToken cancellationToken);

    /// <summary>The narrative of the FIR: third person, every fact that the complaint gives.</summary>
    Task<Draft<string>> NarrateAsync(DraftingInput input, CancellationToken cancellationToken);
}

/// <param name="Content">What was drafted.</param>
/// <param name="Model">The <see cref="IDraftingModel.Name"/> that drafted it.</param>
/// <param name="Notice">What the officer must know about this draft ("the chat model did not answer, …"); null when there is nothing.</param>
internal sealed record Draft<T>(T Content, string Model, string? Notice = null);
