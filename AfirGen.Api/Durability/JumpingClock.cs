using System.Globalization;

namespace AfirGen.Api.Durability;

/// <summary>
/// The system's clock plus what a test writes into the file that <c>AfirGen:Testing:ClockOffsetFile</c> names, in seconds: it jumps while the
/// service runs, as a machine's clock does when it is set. Timers and durations go on undisturbed, as the kernel's do.
/// </summary>
internal sealed class JumpingClock(string offsetFile) : TimeProvider
{
    private const long MillisecondsBetweenLooks = 20;

    // Not the least of all numbers: now minus that overflows, and nobody would ever look.
    private long _lookedAt = -MillisecondsBetweenLooks;
    private long _offsetTicks;

    /// <summary>The system's own clock unless a test names a file.</summary>
    public static TimeProvider Of(IConfiguration configuration) =>
        configuration["AfirGen:Testing:ClockOffsetFile"] is { Length: > 0 } file ? new JumpingClock(file) : System;

    public override DateTimeOffset GetUtcNow()
    {
        var now = Environment.TickCount64;
        if (now - Interlocked.Read(ref _lookedAt) >= MillisecondsBetweenLooks)
        {
            Interlocked.Exchange(ref _lookedAt, now);
            if (File.Exists(offsetFile) && double.TryParse(File.ReadAllText(offsetFile), CultureInfo.InvariantCulture, out var seconds))
            {
                Interlocked.Exchange(ref _offsetTicks, TimeSpan.FromSeconds(seconds).Ticks);
            }
        }

        return System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));
    }
}
