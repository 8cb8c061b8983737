using System.Text.RegularExpressions;

namespace AfirGen.Api.Doctor.Alerts;

/// <summary>The names of the rules in deploy/prometheus/rules.yml, which is part of this program.</summary>
internal static partial class DeployedRules
{
    private const string Resource = "deploy/rules.yml";

    public static IReadOnlyList<string> Names { get; } = Read();

    private static List<string> Read()
    {
        using var stream = typeof(DeployedRules).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return [.. Rule().Matches(reader.ReadToEnd()).Select(rule => rule.Groups["name"].Value)];
    }

    [GeneratedRegex(@"^ *- (alert|record): (?<name>\S+) *\r?$", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
