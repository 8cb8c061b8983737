namespace AfirGen.Api.Drafting.Form;

/// <summary>Renders an FIR in the form I.I.F.-I. A pure function: the same input gives the same text.</summary>
internal interface IFirRenderer
{
    RenderedFir Render(FirSource source);
}

/// <param name="FirNumber">The draft's number, <c>FIR-xxxxxxxx-yyyyMMddHHmmss</c>.</param>
/// <param name="Input">All artefacts as approved.</param>
/// <param name="RenderedAt">UTC; shown in Asia/Kolkata.</param>
internal sealed record FirSource(string FirNumber, DraftingInput Input, DateTimeOffset RenderedAt);

/// <param name="Content">The text of the FIR.</param>
/// <param name="Fields">Every field of the form, in form order.</param>
internal sealed record RenderedFir(string Content, IReadOnlyList<RenderedField> Fields)
{
    /// <summary>Labels of the fields that must be known before the FIR can be registered and are not.</summary>
    public IReadOnlyList<string> MissingMandatory => RenderedField.MissingMandatory(Fields);
}

/// <param name="Key">Stable snake_case name.</param>
/// <param name="Item">The item of the form, for example "6" or "3a".</param>
/// <param name="Label">As printed.</param>
/// <param name="Value">"Not recorded" when unknown.</param>
/// <param name="Recorded">Whether the value is known.</param>
/// <param name="Mandatory">Whether registration needs it.</param>
internal sealed record RenderedField(string Key, string Item, string Label, string Value, bool Recorded, bool Mandatory)
{
    /// <summary>Labels of the fields that registration needs and nobody has recorded.</summary>
    public static string[] MissingMandatory(IEnumerable<RenderedField> fields) =>
        [.. fields.Where(field => field is { Mandatory: true, Recorded: false }).Select(field => field.Label)];
}
