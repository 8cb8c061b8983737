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

    // One after the other in an order of chance, so that none waits long for its turn.
    private readonly Dictionary<Fault, Queue<string>> _decks = new() { [Fault.CrashPoint] = [], [Fault.TermPoint] = [] };
    private int _epochs;

    private double OftenUnder => settings.OftenUnder ?? (mysql ? 0.8 : 0.2);

    /// <param name="first">The first round on an empty disk: the migrations run.</param>
    public RoundPlan Draw(bool first)
    {
        var enabled = settings.Faults;
        var end = Pick(settings.Ends ?? Ends(), enabled) ?? Fault.Kill;
        var launch = random.Next(2) == 0 || enabled.Count <= FewFaults ? Pick(Launches, enabled) : null;
        var during = random.NextDouble() < OftenUnder || enabled.Count <= FewFaults ? Pick(Under, enabled) : null;
        string? point = null;
        if (first && settings.Point is null && OfTheMigration() is { } early)
        {
            (launch, point) = (early, CrashPoints.DuringMigration);
        }
        else if (launch is { } armed && _decks.TryGetValue(armed, out var deck))
        {
            point = settings.Point ?? Next(deck);
            end = PointsOfAStop.Contains(point) ? Fault.Term : end;
        }

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

    private Fault[] Ends() =>
        mysql
            ? [Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.PowerCut, Fault.Term]
            : [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.Term];

    private string Next(Queue<string> deck)
    {
        if (deck.Count == 0)
        {
            string[] points = [.. PointsInService];
            random.Shuffle(points);
            Array.ForEach(points, deck.Enqueue);
        }

        return deck.Dequeue();
    }

    private Fault? Pick(Fault[] among, IReadOnlySet<Fault> enabled)
    {
        var possible = among.Where(enabled.Contains).ToList();
        return possible.Count == 0 ? null : possible[random.Next(possible.Count)];
    }
}
