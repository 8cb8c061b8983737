using AfirGen.Api.Durability;

namespace AfirGen.Tests.Torture;

/// <summary>Draws rounds, of a seed and the settings alone.</summary>
internal sealed class PlanMaker(Random random, TortureSettings settings, bool mysql)
{
    private const int OneInTorn = 4;
    private const int FewestRequests = 10;
    private const int RequestsACommit = 3; // about: a point that is skipped too often is not reached

    /// <summary>Whoever names so few wants them together.</summary>
    private const int FewFaults = 4;

    private static readonly Fault[] Launches =
    [
        Fault.CrashPoint,
        Fault.CrashPoint, // a kill like any other, at an instant that was chosen for its danger
        Fault.CrashPoint,
        Fault.TermPoint,
        Fault.FsyncFails,
        Fault.SlowDisk,
        Fault.ClockJump,
    ];

    private static readonly Fault[] Under =
    [
        Fault.DiskFull,
        Fault.MysqlKill,
        Fault.MysqlKill, // the one that most rounds shall have
        Fault.MysqlKill,
        Fault.MysqlKill,
        Fault.MysqlKill,
        Fault.MysqlStop,
        Fault.MysqlPause,
        Fault.CommitCut,
    ];

    private static readonly string[] PointsOfAStop =
    [
        CrashPoints.InsideDrain,
        CrashPoints.DuringDrainCheckpoint,
        CrashPoints.BetweenFlushAndExit,
    ];

    private static readonly string[] PointsInService = [.. CrashPoints.All.Except([CrashPoints.DuringMigration])];

    private readonly Dictionary<Fault, Deck<string>> _points = new()
    {
        [Fault.CrashPoint] = new(random, PointsInService),
        [Fault.TermPoint] = new(random, PointsInService),
    };
    private readonly Deck<Fault> _ends = new(random, [.. (settings.Ends ?? Ends(mysql)).Where(settings.Faults.Contains)]);
    private int _epochs;

    private double OftenUnder => settings.OftenUnder ?? (mysql ? 0.8 : 0.2);

    /// <param name="first">The first round on an empty disk: the migrations run.</param>
    public RoundPlan Draw(bool first)
    {
        var enabled = settings.Faults;
        var launch = random.Next(2) == 0 || enabled.Count <= FewFaults ? Pick(Launches, enabled) : null;
        var during = random.NextDouble() < OftenUnder || enabled.Count <= FewFaults ? Pick(Under, enabled) : null;
        string? point = null;
        if (first && settings.Point is null && OfTheMigration() is { } early)
        {
            (launch, point) = (early, CrashPoints.DuringMigration);
        }
        else if (launch is { } armed && _points.TryGetValue(armed, out var points))
        {
            point = settings.Point ?? points.Next();
        }

        var end =
            PointsOfAStop.Contains(point) ? Fault.Term
            : _ends.IsEmpty ? Fault.Kill
            : _ends.Next();
        (int Before, int Within) requests = (
            random.Next(FewestRequests, settings.MostRequests),
            random.Next(FewestRequests, settings.MostRequests / 2)
        );
        return new(launch, during, end)
        {
            Point = point,
            Skip =
                point == CrashPoints.DuringMigration ? random.Next(mysql ? 1 : 2)
                : PointsOfAStop.Contains(point) ? 0
                : random.Next(requests.Before / RequestsACommit),
            Requests = requests,
            MendFirst = during is Fault.MysqlPause or Fault.DiskFull || random.Next(2) == 0,
            Torn = end == Fault.Kill && enabled.Contains(Fault.TornLog) && random.Next(OneInTorn) == 0,
        };
    }

    /// <summary>Migrations run in the first round on an empty disk only: the first such round kills, the second stops, later ones as it comes.</summary>
    private Fault? OfTheMigration() =>
        ++_epochs switch
        {
            1 => Pick([Fault.CrashPoint], settings.Faults),
            2 => Pick([Fault.TermPoint], settings.Faults),
            _ => random.Next(2) == 0 ? Pick([Fault.CrashPoint, Fault.TermPoint], settings.Faults) : null,
        };

    private static Fault[] Ends(bool mysql) =>
        mysql
            ? [Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.PowerCut, Fault.Term]
            : [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.Term];

    private Fault? Pick(Fault[] among, IReadOnlySet<Fault> enabled)
    {
        var possible = among.Where(enabled.Contains).ToList();
        return possible.Count == 0 ? null : possible[random.Next(possible.Count)];
    }

    /// <summary>One after the other in an order of chance, and then again in another, so that none waits long for its turn.</summary>
    private sealed class Deck<T>(Random random, T[] cards)
    {
        private readonly Queue<T> _left = [];

        public bool IsEmpty => cards.Length == 0;

        public T Next()
        {
            if (_left.Count == 0)
            {
                T[] order = [.. cards];
                random.Shuffle(order);
                Array.ForEach(order, _left.Enqueue);
            }

            return _left.Dequeue();
        }
    }
}
