using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Reliability;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Durability;

// The flush in its order. What is committed is safe without any of it: the order only keeps a clean stop clean, outbox first so that the
// registry has everything, then the two stores, then whoever might still write or call.

/// <summary>Hands the outbox to the registry.</summary>
internal sealed class ForwardOutbox(StartupSequence startup, OutboxForwarder forwarder, ServiceReadiness readiness, CrashPoints crashPoints)
    : IFlushOnShutdown
{
    public int Order => 10;
    public string Name => "outbox";

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // Told to stop while it starts: a migration or a recovery that still writes would make every later "flushed" untrue (G8).
        await (startup.ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
        crashPoints.Hit(CrashPoints.InsideDrain);
        if (readiness.HasStarted)
        {
            await forwarder.DrainAsync(cancellationToken);
        }
    }
}

/// <summary>Empties the journal's write-ahead log into its file; when the process goes for good, nothing is written afterwards.</summary>
internal sealed class FlushJournal(JournalStore journal, IntegrityWatch integrity, DrainSignal signal, ILogger<FlushJournal> logger)
    : IFlushOnShutdown
{
    public int Order => 20;
    public string Name => "journal";

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!journal.IsOpen)
        {
            return; // never opened: there is nothing to flush
        }

        try
        {
            await integrity.StandAsideAsync(cancellationToken); // also for the registry, whose flush comes next
            if (!Mutations.Has(Mutations.FlushSkipped))
            {
                await (signal.IsLastFlush ? journal.FlushAndSealAsync(cancellationToken) : journal.FlushAsync(cancellationToken));
            }
        }
        catch (Exception e)
        {
            logger.LogError(e, "Failed to flush session database");
            throw;
        }
        finally
        {
            if (signal.IsLastFlush)
            {
                journal.Seal(); // also when the flush failed
            }
        }

        logger.LogInformation("Session database flushed to disk");
        logger.LogInformation("✅ Session data flushed");
    }
}

/// <summary>Flushes the registry.</summary>
internal sealed class FlushRegistry(IRegistry registry, ServiceReadiness readiness, ILogger<FlushRegistry> logger) : IFlushOnShutdown
{
    public int Order => 30;
    public string Name => "registry";

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!readiness.HasStarted)
        {
            return;
        }

        try
        {
            await registry.FlushAsync(cancellationToken);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Failed to flush database tables");
            throw;
        }

        logger.LogInformation("Database tables flushed to disk");
        // Operators grep for these words on either registry.
        logger.LogInformation(
            "✅ MySQL data flushed{Note}",
            registry.Kind == EmbeddedRegistry.KindName ? " (embedded: there is no MySQL, firs.db was flushed in its place)" : ""
        );
    }
}

/// <summary>Stops the health monitor when the process goes.</summary>
internal sealed class StopHealthMonitoring(HealthMonitor monitor, DrainSignal signal, ILogger<StopHealthMonitoring> logger)
    : IFlushOnShutdown
{
    public int Order => 40;
    public string Name => "health_monitoring";

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (signal.IsLastFlush)
        {
            await monitor.StopAsync(cancellationToken);
            logger.LogInformation("✅ Health monitoring stopped");
        }
    }
}
