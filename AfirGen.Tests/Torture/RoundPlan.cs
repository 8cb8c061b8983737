using AfirGen.Api.Durability;

namespace AfirGen.Tests.Torture;

/// <summary>One round: how the service is started, what happens while it works, how it ends. Up to three faults at once.</summary>
/// <param name="Launch">In force from the start on: a crash point, a failing or slow fsync, a jumping clock; null: none.</param>
/// <param name="During">Begins under load and ends before or after the round's end; null: none.</param>
/// <param name="End">Kill, Term or PowerCut.</param>
internal sealed record RoundPlan(Fault? Launch, Fault? During, Fault End)
{
    private const int OneInTorn = 4;
    private const int FewestRequests = 10;

    private static readonly Fault[] Launches = [Fault.CrashPoint, Fault.TermPoint, Fault.FsyncFails, Fault.SlowDisk, Fault.ClockJump];
    private static readonly Fault[] Under =
    [
        Fault.DiskFull,
        Fault.MysqlKill,
        Fault.MysqlKill, // the one that most rounds shall have
        Fault.MysqlKill,
        Fault.MysqlStop,
        Fault.MysqlPause,
        Fault.CommitCut,
    ];

    private static readonly string[] PointsOfARequest =
    [
        CrashPoints.BeforeJournalCommit,
        CrashPoints.BeforeDelivery,
        CrashPoints.InsideRegistryTransaction,
        CrashPoints.AfterRegistryCommit,
        CrashPoints.BeforeAnswer,
        CrashPoints.AfterJournalCommit,
    ];

    private static readonly string[] PointsOfAStop =
    [
        CrashPoints.InsideDrain,
        CrashPoints.DuringDrainCheckpoint,
        CrashPoints.BetweenFlushAndExit,
    ];

    public string? Point { get; init; }

    /// <summary>How often the crash point, or the fsync, goes well first.</summary>
    public int Skip { get; init; }

    /// <summary>Requests before <see cref="During"/> begins, and from there to the end.</summary>
    public (int Before, int Within) Requests { get; init; }

    /// <summary>Whether <see cref="During"/> is over before the service ends.</summary>
    public bool MendFirst { get; init; }

    public bool Torn { get; init; }

    /// <summary>Whether nothing but the requests decides what is in the stores when it is ready.</summary>
    public bool StartsQuietly => Launch is not (Fault.CrashPoint or Fault.TermPoint or Fault.FsyncFails);

    /// <summary>Everything that happens in this round.</summary>
    public IEnumerable<Fault> Faults => new[] { Launch, During, End, Torn ? Fault.TornLog : null }.OfType<Fault>();

    public override string ToString() =>
        string.Join(" + ", Faults.Select(f => f is Fault.CrashPoint or Fault.TermPoint ? $"{f} {Point}" : $"{f}"));

    /// <param name="first">The first round on an empty disk: the migrations run.</param>
    public static RoundPlan Draw(Random random, TortureSettings settings, bool mysql, bool first)
    {
        var enabled = settings.Faults;
        var end = Pick(random, Weighted(mysql), enabled) ?? Fault.Kill;
        var launch = random.Next(3) == 0 ? Pick(random, Launches, enabled) : null;
        var during = random.Next(mysql ? 4 : 5) < (mysql ? 3 : 1) ? Pick(random, Under, enabled) : null;
        if (enabled.Count <= 4)
        {
            // Whoever names few faults wants them together.
            (launch, during) = (Pick(random, Launches, enabled), Pick(random, Under, enabled));
        }

        var point = launch is Fault.CrashPoint or Fault.TermPoint
            ? settings.Point ?? PickPoint(random, end, first && launch == Fault.CrashPoint)
            : null;
        return new(launch, during, end)
        {
            Point = point,
            Skip =
                point == CrashPoints.DuringMigration ? random.Next(mysql ? 1 : 2)
                : PointsOfAStop.Contains(point) ? 0
                : random.Next(30),
            Requests = (random.Next(FewestRequests, settings.MostRequests), random.Next(FewestRequests, settings.MostRequests / 2)),
            MendFirst = during is Fault.MysqlPause or Fault.DiskFull || random.Next(2) == 0,
            Torn = end == Fault.Kill && enabled.Contains(Fault.TornLog) && random.Next(OneInTorn) == 0,
        };
    }

    private static Fault[] Weighted(bool mysql) =>
        mysql
            ? [Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.PowerCut, Fault.Term]
            : [Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.Kill, Fault.PowerCut, Fault.Term];

    private static string PickPoint(Random random, Fault end, bool first) =>
        first && random.Next(2) == 0 ? CrashPoints.DuringMigration
        : end == Fault.Term ? PointsOfAStop[random.Next(PointsOfAStop.Length)]
        : PointsOfARequest[random.Next(PointsOfARequest.Length)];

    private static Fault? Pick(Random random, Fault[] among, IReadOnlySet<Fault> enabled)
    {
        var possible = among.Where(enabled.Contains).ToList();
        return possible.Count == 0 ? null : possible[random.Next(possible.Count)];
    }
}
