using System.Globalization;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>
/// The machine under torture: one disk with all stores, the service, and MySQL when there is one. What is broken here is broken for
/// real: signals, a file system without power, a full disk, an fsync that fails.
/// </summary>
internal abstract class Machine(PowerDisk disk, IReadOnlyDictionary<string, string> extraSettings) : IAsyncDisposable
{
    private const int LongestJumpHours = 12; // twice that is well below the two days for which answers are kept
    private const int SlowFsyncMicroseconds = 25_000;
    private readonly TemporaryFolder _outside = new();
    private TestStack? _stack;
    private int _folders;

    protected PowerDisk Disk => disk;

    public abstract bool HasMySql { get; }

    public TestStack Stack => _stack ?? throw new InvalidOperationException("No stores yet.");

    public ApiProcess Api { get; private set; } = null!;

    /// <summary>The last lines of the service's log.</summary>
    public string Tail => string.Join('\n', Api.Log.TakeLast(30));

    private string ClockFile => _outside.File("clock");

    /// <summary>Empty stores: the service finds nothing, not even its data folder.</summary>
    public async Task BeginAnewAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
            Directory.Delete(Path.Combine(disk.Root, $"station{_folders}"), recursive: true);
        }

        _stack = await NewStackAsync();
        var parent = Directory.CreateDirectory(Path.Combine(disk.Root, $"station{++_folders}")).FullName;
        Command.Run("sync", "--file-system", parent);
        Directory.CreateSymbolicLink(_stack.DataFolder, Path.Combine(parent, "data"));
        _stack.Settings["AfirGen:DataFolder"] = Path.Combine(parent, "data"); // the link dangles until the service creates it
        _stack.Settings["AfirGen:Journal:MinFreeMebibytes"] = "0";
        _stack.Settings["AfirGen:Journal:MaxWalMebibytes"] = "2"; // checkpoints under load
        _stack.Settings["AfirGen:Housekeeping:AuditInterval"] = "00:00:01";
        _stack.Settings["AfirGen:Testing:ClockOffsetFile"] = ClockFile;
        _stack.Settings["AfirGen:Forwarding:ConfirmationTimeout"] = "00:00:00.3"; // a round does not wait as long as an officer
        _stack.Settings["AfirGen:Forwarding:RegistrationTimeout"] = "00:00:01";
        _stack.Settings["AfirGen:Forwarding:MaxBackOff"] = "00:00:00.5";
        _stack.Settings["Logging:LogLevel:Default"] = "Information";
        _stack.Settings["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Warning";
        foreach (var (name, value) in extraSettings)
        {
            _stack.Settings[name] = value;
        }
    }

    /// <returns>False when the service ended before it was ready, which only a fault of <paramref name="plan"/> may bring about.</returns>
    public async Task<bool> StartApiAsync(RoundPlan? plan = null)
    {
        Stack.Settings["AfirGen:Testing:CrashPoint"] = plan?.Point ?? "";
        Stack.Settings["AfirGen:Testing:CrashPointSkip"] = (plan?.Skip ?? 0).ToString(CultureInfo.InvariantCulture);
        Stack.Settings["AfirGen:Testing:CrashPointStops"] = plan?.Launch == Fault.TermPoint ? "true" : "false";
        SetClock(TimeSpan.Zero);
        Api = Stack.LaunchApi(Wrapper(plan));
        try
        {
            await Api.WaitUntilListeningAsync();
            await Api.WaitForLogAsync("Ready after");
            return true;
        }
        catch (InvalidOperationException) when (plan is { StartsQuietly: false } && Api.HasExited)
        {
            return false;
        }
    }

    public void JumpClock(Random random) => SetClock(TimeSpan.FromHours(((random.NextDouble() * 2) - 1) * LongestJumpHours));

    public void CutPower() => disk.Cut();

    /// <summary>After a cut: everybody who is still there dies, and the disk comes back as ext4 recovers it.</summary>
    public async Task RestorePowerAsync()
    {
        await Api.KillAsync();
        await KillRegistryAsync();
        await disk.RestoreAsync();
        await StartRegistryAsync();
    }

    public void FillDisk() => disk.Fill();

    public void FreeDisk() => disk.Free();

    public abstract Task BeginAsync(Fault during, Random random);

    public abstract Task EndAsync(Fault during);

    public virtual async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        disk.Dispose();
        _outside.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<TestStack> NewStackAsync();

    protected abstract Task KillRegistryAsync();

    protected abstract Task StartRegistryAsync();

    private void SetClock(TimeSpan offset)
    {
        var fresh = ClockFile + ".new";
        File.WriteAllText(fresh, offset.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        File.Move(fresh, ClockFile, overwrite: true); // half a number would be another jump
    }

    private string[] Wrapper(RoundPlan? plan) =>
        plan?.Launch switch
        {
            Fault.SlowDisk => Strace($"delay_enter={SlowFsyncMicroseconds}", []),
            Fault.FsyncFails => Strace($"error=EIO:when={plan.Skip + 1}+", ["-P", Path.Combine(Stack.DataFolder, "sessions.db-wal")]),
            _ => [],
        };

    private static string[] Strace(string inject, string[] only) =>
        [
            "strace",
            "-D",
            "-f",
            "--seccomp-bpf",
            .. only,
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            $"inject=fsync,fdatasync:{inject}",
            "-o",
            "/dev/null",
        ];
}
