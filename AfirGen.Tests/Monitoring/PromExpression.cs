using System.Text.RegularExpressions;

namespace AfirGen.Tests.Monitoring;

/// <summary>The names in a PromQL expression. No parser: enough for what we write ourselves, and the real Prometheus evaluates it as well.</summary>
internal sealed partial class PromExpression
{
    private static readonly HashSet<string> Keywords =
    [
        "and",
        "or",
        "unless",
        "bool",
        "offset",
        "inf",
        "nan",
        "by",
        "without",
        "on",
        "ignoring",
    ];

    public PromExpression(string text)
    {
        Text = text;
        Matchers =
        [
            .. Selector()
                .Matches(text)
                .SelectMany(selector =>
                    Matcher()
                        .Matches(selector.Groups["matchers"].Value)
                        .Select(one =>
                            (selector.Groups["name"].Value, one.Groups["label"].Value, one.Groups["how"].Value, one.Groups["value"].Value)
                        )
                ),
        ];
        Grouping =
        [
            .. Group()
                .Matches(text)
                .SelectMany(group =>
                    group.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                )
                .Distinct(),
        ];
        var bare = Range().Replace(Braces().Replace(Group().Replace(text, " "), " "), " ");
        Metrics = [.. Name().Matches(bare).Select(name => name.Value).Where(name => !Keywords.Contains(name)).Distinct()];
    }

    public string Text { get; }

    public IReadOnlyList<string> Metrics { get; }

    /// <summary>Label matchers in braces: <c>=</c>, <c>!=</c>, <c>=~</c>, <c>!~</c>.</summary>
    public IReadOnlyList<(string Metric, string Label, string How, string Value)> Matchers { get; }

    /// <summary>Labels after <c>by</c>, <c>on</c> and their like.</summary>
    public IReadOnlyList<string> Grouping { get; }

    [GeneratedRegex(@"(?<name>[a-zA-Z_:][\w:]*)\{(?<matchers>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>\w+)\s*(?<how>=~|!~|!=|=)\s*""(?<value>[^""]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Group();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()")]
    private static partial Regex Name();
}
