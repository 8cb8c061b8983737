using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Deploy;

/// <summary>docs/threat-model.md names what there is: tests of this assembly, and the numbers of ASVS 5.0.0, each once.</summary>
public sealed partial class ThreatModelTests
{
    /// <summary>Section and requirements of the levels 1 and 2, as OWASP numbers them in version 5.0.0: 70 and 183.</summary>
    private const string LevelsOneAndTwo = """
        1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1-1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2
        4.1:1-3 4.2:1-1 4.3:1-2 4.4:1-4 5.1:1-1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4
        7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1-1 8.4:1-1 9.1:1-3 9.2:1-4
        10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1-1 11.6:1-1
        12.1:1-3 12.2:1-2 12.3:1-4 13.1:1-1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7
        16.1:1-1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3 17.1:1-1 17.2:1-4 17.3:1-2
        """;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "threat-model.md"));

    [Fact]
    public void Every_requirement_of_the_levels_one_and_two_is_answered_once_and_none_is_made_up()
    {
        var wanted = LevelsOneAndTwo
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(':', '-'))
            .SelectMany(one => Enumerable.Range(Number(one[1]), Number(one[2])).Select(requirement => $"V{one[0]}.{requirement}"))
            .ToList();
        Assert.Equal(253, wanted.Count);

        var answered = Rows().SelectMany(row => Requirement().Matches(row.Numbers).Select(number => number.Value)).ToList();

        Assert.Empty(wanted.Except(answered));
        Assert.Empty(answered.Except(wanted));
        Assert.Distinct(answered);
    }

    [Fact]
    public void Every_row_has_a_test_a_gap_or_says_that_there_is_no_such_thing() =>
        Assert.All(
            Rows(),
            row =>
                Assert.True(
                    Test().IsMatch(row.Answer)
                        || row.Answer.Contains("**gap**: ", StringComparison.Ordinal)
                        || row.What.StartsWith("*n/a*: ", StringComparison.Ordinal),
                    row.Numbers
                )
        );

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var named = Test().Matches(Text).Select(test => (Class: test.Groups[1].Value, Method: test.Groups[2].Value)).Distinct().ToList();
        Assert.True(named.Count > 30);
        Assert.All(named, test => Assert.True(Exists(test.Class, test.Method), $"{test.Class}.{test.Method}"));
        Assert.False(Exists(nameof(ThreatModelTests), "Nobody_wrote_this"));
        Assert.False(Exists(nameof(ThreatModelTests), nameof(Exists))); // no test
    }

    private static bool Exists(string type, string method) =>
        typeof(ThreatModelTests)
            .Assembly.GetTypes()
            .Where(one => one.Name == type)
            .Any(one => one.GetMethod(method)?.GetCustomAttribute<FactAttribute>() is not null);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Of the tables of requirements.</summary>
    private static List<(string Numbers, string What, string Answer)> Rows() =>
        [.. Row().Matches(Text).Select(row => (row.Groups[1].Value, row.Groups[2].Value.Trim(), row.Groups[3].Value))];

    [GeneratedRegex(@"^\| (V\d[^|]*)\|([^|]*)\|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"V\d+\.\d+\.\d+")]
    private static partial Regex Requirement();

    [GeneratedRegex(@"`([A-Z]\w+)\.([A-Z]\w*_\w+)`")]
    private static partial Regex Test();
}
