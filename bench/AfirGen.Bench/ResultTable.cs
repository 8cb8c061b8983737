using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AfirGen.Bench;

/// <param name="Value">What was measured.</param>
/// <param name="Against">What it is compared with; "" when it stands alone.</param>
/// <param name="Figure">The number that the target is about: a ratio, or a time in the unit that <paramref name="Target"/> names.</param>
/// <param name="Target">"" when there is none.</param>
/// <param name="Met">Null when there is no target.</param>
internal sealed record Result(string Scenario, string What, string Value, string Against, double? Figure, string Target, bool? Met);

/// <summary>The one table of a run.</summary>
internal sealed class ResultTable(string scenario, List<Result> results)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A figure that nothing is demanded of.</summary>
    public void Add(string what, string value, string against = "", double? figure = null) => Add(what, value, against, figure, "", null);

    public void AtLeast(string what, string value, string against, double figure, double target) =>
        Add(what, value, against, figure, string.Create(CultureInfo.InvariantCulture, $">= {target:0.##}"), figure >= target);

    public void AtMost(string what, string value, string against, double figure, double target, string unit = "") =>
        Add(what, value, against, figure, string.Create(CultureInfo.InvariantCulture, $"<= {target:0.##}{unit}"), figure <= target);

    public static async Task WriteJsonAsync(string path, string machine, IReadOnlyList<Result> results) =>
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { machine, results }, Indented));

    public static string Text(IReadOnlyList<Result> results)
    {
        string[][] rows =
        [
            ["scenario", "what", "measured", "against", "figure", "target", ""],
            .. results.Select(r =>
                new[]
                {
                    r.Scenario,
                    r.What,
                    r.Value,
                    r.Against,
                    r.Figure?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
                    r.Target,
                    r.Met switch
                    {
                        true => "met",
                        false => "MISSED",
                        null => "",
                    },
                }
            ),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }

    private void Add(string what, string value, string against, double? figure, string target, bool? met)
    {
        results.Add(new(scenario, what, value, against, figure, target, met));
        Console.Error.WriteLine(
            $"  {what}: {value}" + (against.Length == 0 ? "" : $" against {against}") + (figure is null ? "" : $" = {figure:0.00}")
        );
    }
}
