using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Pages;

/// <summary>Everything that the pages say, in one language: <c>Texts.resx</c> and <c>Texts.hi.resx</c>.</summary>
public sealed class Texts
{
    private const string FieldPrefix = "field.";
    private const string ItemPrefix = "item.";
    private static readonly ResourceManager Resources = new("AfirGen.Api.Pages.Texts", typeof(Texts).Assembly);
    private static readonly FrozenDictionary<string, Texts> ByLanguage = new[] { "en", "hi" }.ToFrozenDictionary(
        language => language,
        language => new Texts(language),
        StringComparer.Ordinal
    );

    private readonly FrozenDictionary<string, string> _all;

    private Texts(string language)
    {
        Language = language;
        var found = FirForm
            .Fields.Select(field => (FieldPrefix + field.Key, field.Label))
            .Concat(FirForm.Items.Select(item => ($"{ItemPrefix}{item.Number}", item.Title)))
            .ToDictionary();
        foreach (var culture in (CultureInfo[])[CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo(language)])
        {
            foreach (DictionaryEntry entry in Resources.GetResourceSet(culture, createIfNotExists: true, tryParents: true)!)
            {
                found[(string)entry.Key] = (string)entry.Value!;
            }
        }

        _all = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>As in the HTML attribute <c>lang</c>.</summary>
    public string Language { get; }

    public IReadOnlyDictionary<string, string> All => _all;

    public string this[string name] => _all[name];

    /// <summary>The label of a field of the FIR form.</summary>
    public string FieldLabel(string key) => _all[FieldPrefix + key];

    /// <summary>The title of an item of the FIR form.</summary>
    public string ItemTitle(int number) => _all[ItemPrefix + number.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Whether the pages speak this language.</summary>
    public static bool Knows(string language) => ByLanguage.ContainsKey(language);

    public static Texts In(string language) => ByLanguage[language];
}
