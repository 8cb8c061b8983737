namespace AfirGen.Api.Durability;

/// <summary>
/// Deliberate defects, separated by commas where a test wants several: the proof that the torture run fails when the guarantee is broken
/// (docs/guarantee.md). Nothing of it does anything unless a test names one, and the service does not start with one unless
/// <see cref="Permission"/> is given too.
/// </summary>
internal static class Mutations
{
    /// <summary>Callers hear of success before the COMMIT that covers them (against G1).</summary>
    public const string AnswerBeforeCommit = "answer-before-commit";

    /// <summary>SQLite never syncs (against G1).</summary>
    public const string SynchronousOff = "synchronous-off";

    /// <summary>What the registry did not take counts as delivered (against G1).</summary>
    public const string ForwarderDrops = "forwarder-drops-on-error";

    /// <summary>A registration that is delivered twice takes two serials (against G3, G4).</summary>
    public const string DeliveryNotIdempotent = "delivery-not-idempotent";

    /// <summary>Keys are stored and never looked at (against G3).</summary>
    public const string KeysIgnored = "keys-ignored";

    /// <summary>A stop cancels requests at once instead of waiting for them (against G5).</summary>
    public const string DrainDoesNotWait = "drain-does-not-wait";

    /// <summary>A clean stop says that it flushed and did not (against G8).</summary>
    public const string FlushSkipped = "flush-skipped";

    /// <summary>Every ledger entry claims to be the first one (against G6).</summary>
    public const string LedgerNotChained = "ledger-not-chained";

    /// <summary>Takes every setting of MySQL for durable (against G7).</summary>
    public const string GuardBlind = "guard-blind";

    public const string Setting = "AfirGen:Testing:Mutation";
    public const string Permission = "AfirGen:Testing:AllowDataLoss";

    /// <summary>A name that means nothing would make a test believe in a defect that is not there.</summary>
    private static readonly string[] Known =
    [
        AnswerBeforeCommit,
        SynchronousOff,
        ForwarderDrops,
        DeliveryNotIdempotent,
        KeysIgnored,
        DrainDoesNotWait,
        FlushSkipped,
        LedgerNotChained,
        GuardBlind,
    ];

    private static string[] _armed = [];

    public static bool Has(string mutation) => Array.IndexOf(_armed, mutation) >= 0;

    /// <summary>Called once, before anything is opened.</summary>
    public static void Arm(IConfiguration configuration) => _armed = Problem(configuration) is null ? Named(configuration) : [];

    /// <returns>One line that says what to set; null when all is well.</returns>
    public static string? Problem(IConfiguration configuration) =>
        Named(configuration) is not { Length: > 0 } named ? null
        : !configuration.GetValue(Permission, false)
            ? $"{Setting} is set to {string.Join(", ", named)}, which loses data on purpose. Remove it; a test sets {Permission} as well."
        : named.Except(Known).FirstOrDefault() is { } unknown ? $"{Setting} names {unknown}, which is none of {string.Join(", ", Known)}."
        : null;

    private static string[] Named(IConfiguration configuration) =>
        configuration[Setting]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
