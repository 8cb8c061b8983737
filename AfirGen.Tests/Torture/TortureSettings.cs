using System.Globalization;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>What a run is asked to do. <c>torture.sh</c> passes its arguments as environment variables.</summary>
internal sealed record TortureSettings
{
    /// <summary>A bounded run that has not reached its goal by then has failed.</summary>
    public const int MostBoundedRounds = 200;

    public int Seed { get; init; }

    /// <summary>Ends after the round in which this has passed.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    public int Rounds { get; init; } = int.MaxValue;

    /// <summary>Ends after the round in which all of it has happened.</summary>
    public Goal Goal { get; init; } = new(int.MaxValue, 0, 0);

    /// <summary>Requests before a fault, at most; half as many while it lasts. At least 22.</summary>
    public int MostRequests { get; init; } = 100;

    public int Clients { get; init; } = 8;

    /// <summary>How a round may end, each as often as it is in here; null: as the stack has it.</summary>
    public Fault[]? Ends { get; init; }

    /// <summary>Share of the rounds with a fault under load; null: as the stack has it.</summary>
    public double? OftenUnder { get; init; }

    /// <summary>Rounds on one set of stores; then everything is checked once more and the next begin empty.</summary>
    public int RoundsAnEpoch { get; init; } = 15;

    /// <summary>Without a default: a run on MySQL that forgets the faults of MySQL never reaches its goal.</summary>
    public required IReadOnlySet<Fault> Faults { get; init; }

    /// <summary>The only named point at which the service is killed; null: each in turn.</summary>
    public string? Point { get; init; }

    /// <summary>Where the history goes: a disk that is not under test.</summary>
    public string Output { get; init; } = Path.Combine(Path.GetTempPath(), "afirgen-torture");

    public static IReadOnlySet<Fault> All(bool mysql) => Enum.GetValues<Fault>().Where(fault => mysql || !NeedsMySql(fault)).ToHashSet();

    /// <summary>For a run that ends when its goal is reached.</summary>
    public static TortureSettings Bounded(IEnumerable<Fault> faults) =>
        new()
        {
            Seed = Stack.Seed.Next(),
            Faults = faults.ToHashSet(),
            MostRequests = 50,
            Rounds = MostBoundedRounds,
        };

    public static TortureSettings FromEnvironment(bool mysql)
    {
        var faults = Environment.GetEnvironmentVariable("AFIRGEN_TORTURE_FAULTS");
        return new()
        {
            Seed = Stack.Seed.Next(),
            Time = TimeSpan.FromMinutes(Number("AFIRGEN_TORTURE_MINUTES", 3)),
            MostRequests = (int)Number("AFIRGEN_TORTURE_REQUESTS", 100),
            Clients = (int)Number("AFIRGEN_TORTURE_CLIENTS", 8),
            Faults = string.IsNullOrEmpty(faults) ? All(mysql) : faults.Split(',').Select(Parse).Intersect(All(mysql)).ToHashSet(),
            Output = Environment.GetEnvironmentVariable("AFIRGEN_TORTURE_OUTPUT") ?? Path.Combine(Path.GetTempPath(), "afirgen-torture"),
        };
    }

    public static Fault Parse(string name) =>
        Enum.TryParse<Fault>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var fault)
            ? fault
            : throw new ArgumentException($"'{name}' is no fault; there are: {string.Join(", ", Enum.GetNames<Fault>())}");

    private static bool NeedsMySql(Fault fault) => fault is Fault.MysqlKill or Fault.MysqlStop or Fault.MysqlPause or Fault.CommitCut;

    private static double Number(string variable, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : otherwise;
}
