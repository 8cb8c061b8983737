using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Pages;
using AfirGen.Tests.Deploy;

namespace AfirGen.Tests.Pages;

/// <summary>The pages say everything in both languages.</summary>
public sealed partial class TextsTests
{
    [Fact]
    public void Every_text_is_there_in_both_languages_with_the_same_places_to_fill()
    {
        var (english, hindi) = (Texts.In("en"), Texts.In("hi"));

        Assert.Equal(english.All.Keys.Order(StringComparer.Ordinal), hindi.All.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, text) in english.All)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), name);
            Assert.Equal(Places(text), Places(hindi[name]));
            Assert.True(
                name == "language.other" || Devanagari().IsMatch(hindi[name]) || Unspoken(text),
                $"{name} is not Hindi: {hindi[name]}"
            );
        }
    }

    [Fact]
    public void Every_field_and_item_of_the_form_has_a_Hindi_name()
    {
        var hindi = Texts.In("hi");

        Assert.All(FirForm.Fields, field => Assert.NotEqual(field.Label, hindi.FieldLabel(field.Key)));
        Assert.All(FirForm.Items, item => Assert.NotEqual(item.Title, hindi.ItemTitle(item.Number)));
    }

    [Fact]
    public void Every_text_that_a_script_asks_for_exists()
    {
        var folder = Path.Combine(Repository.Root, "AfirGen.Api", "Pages", "assets");
        var asked = Directory
            .GetFiles(folder, "*.js")
            .SelectMany(file => Asked().Matches(File.ReadAllText(file)))
            .Select(m => m.Groups[1].Value);

        Assert.All(asked.Distinct(), name => Assert.Contains(name, Texts.In("en").All.Keys));
    }

    private static string[] Places(string text) => [.. Place().Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal)];

    /// <summary>Units and places only.</summary>
    private static bool Unspoken(string text) => !Place().Replace(text, "").Any(char.IsLetter);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsDevanagari}")]
    private static partial Regex Devanagari();

    [GeneratedRegex(@"\bt\('([a-z][\w.-]*)'")]
    private static partial Regex Asked();
}
