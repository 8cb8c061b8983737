using AfirGen.Api.Durability;

namespace AfirGen.Tests.Torture;

/// <summary>A deliberate defect, the faults that bring it out, and within how many rounds it must be caught.</summary>
/// <param name="Flags">Arguments of mysqld that contradict the promised ones.</param>
internal sealed record Mutation(string Name, string Breaks, bool MySql, IReadOnlySet<Fault> Faults, int Within, params string[] Flags)
{
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(Mutations.AnswerBeforeCommit, "answers before the COMMIT", false, Set(Fault.SlowDisk, Fault.Kill), 10),
        new(Mutations.SynchronousOff, "SQLite with synchronous=OFF", false, Set(Fault.PowerCut), 10),
        new(Mutations.ForwarderDrops, "what the registry did not take counts as delivered", true, Set(Fault.MysqlKill, Fault.Kill), 10),
        new(Mutations.DeliveryNotIdempotent, "a registration delivered twice", false, Set(Fault.CrashPoint, Fault.Kill), 30)
        {
            Point = CrashPoints.AfterRegistryCommit, // the instant that makes a delivery come twice
        },
        new(Mutations.KeysIgnored, "stored answers are not looked at", false, Set(Fault.Kill, Fault.Duplicate, Fault.HangUp), 10),
        new(Mutations.DrainDoesNotWait, "SIGTERM cancels at once", false, Set(Fault.SlowDisk, Fault.Term), 10),
        new(Mutations.FlushSkipped, "a clean stop without its flush", false, Set(Fault.Term), 5),
        new(Mutations.LedgerNotChained, "ledger entries without a predecessor", false, Set(Fault.Kill), 5),
        new(
            Mutations.GuardBlind,
            "MySQL with flush=2 and sync_binlog=0, and nobody minds",
            true,
            Set(Fault.PowerCut),
            10,
            "--innodb-flush-log-at-trx-commit=2",
            "--sync-binlog=0"
        ),
    ];

    /// <summary>The named point at which the service is killed; null: any.</summary>
    public string? Point { get; init; }

    public IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string> { [Mutations.Setting] = Name, [Mutations.Permission] = "true" };

    public async Task<Machine> StartMachineAsync() =>
        MySql ? await MySqlMachine.StartAsync(Settings, Flags) : new EmbeddedMachine(Settings);

    private static HashSet<Fault> Set(params Fault[] faults) => [.. faults];
}
