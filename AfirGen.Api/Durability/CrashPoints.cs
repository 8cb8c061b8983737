using System.Runtime.InteropServices;

namespace AfirGen.Api.Durability;

/// <summary>
/// Named instants at which a test may kill the process. Does nothing unless <c>AfirGen:Testing:CrashPoint</c> names one.
/// What recovery does at each is written in docs/guarantee.md.
/// </summary>
public sealed partial class CrashPoints
{
    public const string BeforeJournalCommit = "P1";
    public const string BeforeDelivery = "P2";
    public const string InsideRegistryTransaction = "P3";
    public const string AfterRegistryCommit = "P4";
    public const string BeforeAnswer = "P5";
    public const string AfterJournalCommit = "P6";
    public const string DuringDrainCheckpoint = "P7";
    public const string BetweenFlushAndExit = "P9";
    public const string DuringMigration = "P10";
    public const string InsideDrain = "P12";

    // Of a backup and of a restore: points of their own tests, no part of All, which a service passes by itself.
    public const string InsideBackup = "P11";
    public const string BeforeBackupIsNamed = "P13";
    public const string BeforeRestoreIsDone = "P14";

    public static IReadOnlyList<string> All { get; } =
    [
        BeforeJournalCommit,
        BeforeDelivery,
        InsideRegistryTransaction,
        AfterRegistryCommit,
        BeforeAnswer,
        AfterJournalCommit,
        DuringDrainCheckpoint,
        BetweenFlushAndExit,
        DuringMigration,
        InsideDrain,
    ];

    private const int SigKill = 9;
    private const int SigTerm = 15;
    private readonly string? _armed;
    private readonly string? _hitFile;
    private readonly int _signal;
    private int _skip;

    /// <param name="configuration">
    /// Section <c>AfirGen:Testing</c>: <c>CrashPoint</c>, <c>CrashPointSkip</c> (hits to let pass first), <c>CrashPointStops</c> (true:
    /// SIGTERM, so that a stop begins there) and <c>CrashPointFile</c>, to which the point's name is appended before the signal.
    /// </param>
    public CrashPoints(IConfiguration configuration)
    {
        var section = configuration.GetSection("AfirGen:Testing");
        _armed = section["CrashPoint"];
        _hitFile = section["CrashPointFile"];
        _signal = section.GetValue("CrashPointStops", false) ? SigTerm : SigKill;
        _skip = section.GetValue("CrashPointSkip", 0);
    }

    /// <summary>Kills the process here, or tells it to stop, when a test armed <paramref name="point"/>.</summary>
    public void Hit(string point)
    {
        if (_armed is null || _armed != point || Interlocked.Decrement(ref _skip) != -1)
        {
            return;
        }

        if (_hitFile is not null)
        {
            File.AppendAllText(_hitFile, point + "\n");
        }

        _ = Kill(Environment.ProcessId, _signal); // SIGKILL is as abrupt as the kernel's out-of-memory killer: no handler, no finally
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
