using System.Globalization;

namespace AfirGen.Bench;

/// <summary>What a run measures, and how long.</summary>
internal sealed record BenchOptions
{
    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int UsageExitCode = 64;

    private const string Usage = """
        usage: ./bench.sh [--only NAME]... [--rounds N] [--seconds S] [--requests N] [--quick] [--json FILE] [--no-micro]
          --only     journal, durability, process, journeys, registration, reads, starts, memory; the default is all of them
          --rounds   interleaved rounds of which the median counts (5)
          --seconds  length of one measurement (1)
          --requests how many the memory scenario sends, instead of for so long
          --quick    one short round with small stores: shows that everything runs, not how fast
        """;

    public IReadOnlyList<string> Only { get; private init; } = [];
    public int Rounds { get; private init; } = 5;
    public TimeSpan Window { get; private init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of the memory scenario; null: as many as fit in its windows.</summary>
    public long? Requests { get; private init; }
    public bool Quick { get; private init; }
    public string? Json { get; private init; }

    /// <returns>Null when the arguments mean nothing; the usage has been printed.</returns>
    public static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i], value)
            {
                case ("--quick", _):
                    options = options with { Quick = true, Rounds = 1, Window = TimeSpan.FromSeconds(0.5) };
                    continue;
                case ("--only", not null):
                    options = options with { Only = [.. options.Only, value] };
                    break;
                case ("--json", not null):
                    options = options with { Json = value };
                    break;
                case ("--rounds", not null) when int.TryParse(value, CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case ("--requests", not null) when long.TryParse(value, CultureInfo.InvariantCulture, out var requests) && requests > 0:
                    options = options with { Requests = requests };
                    break;
                case ("--seconds", not null) when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    options = options with { Window = TimeSpan.FromSeconds(seconds) };
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return null;
            }

            i++;
        }

        return options;
    }
}
