namespace AfirGen.Api.Durability;

/// <summary>
/// Stops the process at once after an error that makes the disk's content unknown: nothing more is acknowledged, the orchestrator
/// restarts the service, and recovery works from what is really on the disk (G8).
/// </summary>
internal class FatalStop(ILogger<FatalStop> logger)
{
    /// <summary>EX_IOERR of sysexits.h.</summary>
    public const int ExitCode = 74;

    public virtual void Stop(string what, Exception cause)
    {
        logger.LogCritical(cause, "{What}. The process stops now; the next start recovers", what);
        // The console logger writes in the background and may not get to it.
        Console.Error.WriteLine($"FATAL: {what}: {cause.Message} The process stops now; the next start recovers.");
        Environment.Exit(ExitCode);
    }
}
