using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Pages;
using AfirGen.Tests.Stack;
using Microsoft.Playwright;

namespace AfirGen.Tests.Browser;

/// <summary>The FIR on paper.</summary>
public sealed partial class PrintTests(Chromium chromium)
{
    /// <summary>What is read out of a PDF in Hindi has lost the order of its letters: there it is compared with the page, and what is in others with the PDF.</summary>
    [Theory]
    [InlineData("en-IN")]
    [InlineData("hi-IN")]
    public async Task The_print_to_PDF_is_A4_and_holds_every_field_of_the_form_beside_its_label_and_in_its_order(string locale)
    {
        var texts = Texts.In(locale[..2]);
        await using var stack = await PageStack.StartAsync();
        var processed = await Journeys.RegisterAsync(stack.Client);
        var status = (await stack.Client.StatusAsync(processed["session_id"])).RequireOk();
        var fir = (await stack.Client.GetAsync($"/fir/{processed["fir_number"]}")).RequireOk();
        await using var tab = await Tab.OpenAsync(chromium, stack.Api.Address, locale);
        await tab.SignInAsync(PageStack.Officer, $"/fir/{processed["fir_number"]}/print");
        await Assertions.Expect(tab.Page.Locator(".sheet footer")).ToContainTextAsync(fir["registration_number"]);
        var wanted = status.Json["content"]!["fields"]!
            .AsArray()
            .Select(field => Line(field!, texts, fir["registration_number"]))
            .ToArray();
        Assert.True(wanted.Count(line => line.EndsWith($":{texts["not-recorded"]}", StringComparison.Ordinal)) > 1);

        var shown = await tab
            .Page.Locator(".sheet .item > dl:first-of-type > div") // those behind it are remarks
            .EvaluateAllAsync<string[]>("rows => rows.map((row) => row.children[0].textContent + ':' + row.children[1].textContent)");
        Assert.Equal(wanted, shown);

        using var folder = new TemporaryFolder();
        var pdf = Path.Combine(folder.Path, "fir.pdf");
        await tab.Page.PdfAsync(new() { Path = pdf, PreferCSSPageSize = true });

        var text = Squeezed(Command.Run("pdftotext", "-layout", pdf, "-"));
        var raw = Squeezed(Command.Run("pdftotext", "-raw", pdf, "-"));
        foreach (var line in texts.Language == "en" ? wanted : [.. wanted.Select(ValueOf).Where(value => value.All(char.IsAscii))])
        {
            Assert.True(
                raw.Contains(Squeezed(line), StringComparison.Ordinal) || text.Contains(Squeezed(line), StringComparison.Ordinal),
                $"Not on paper: {line}\n\n{raw}"
            );
        }

        Assert.Contains(Squeezed(fir["registration_number"]), raw, StringComparison.Ordinal);
        Assert.DoesNotContain(Squeezed(texts["sign-out"]), raw, StringComparison.Ordinal);
        Assert.Matches(@"Page size:\s+59[45][.\d]* x 84[12][.\d]* pts \(A4\)", Command.Run("pdfinfo", pdf));
        tab.AssertNoComplaint();
    }

    private static string Line(JsonNode field, Texts texts, string official)
    {
        var (key, item) = (field["key"]!.ToString(), field["item"]!.ToString());
        var part = char.IsAsciiLetter(item[^1]) ? $"({item}) " : "";
        var value =
            key == FieldKeys.RegistrationNumber ? official
            : (bool)field["recorded"]! ? field["value"]!.ToString()
            : texts["not-recorded"];
        return $"{part}{texts.FieldLabel(key)}:{value}";
    }

    private static string ValueOf(string line) => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Where lines and pages break on paper does not matter here.</summary>
    private static string Squeezed(string text) => White().Replace(PageNumber().Replace(text, ""), "");

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();

    [GeneratedRegex(@"^\f?\s*\d+ / \d+\s*$", RegexOptions.Multiline)]
    private static partial Regex PageNumber();
}
