using AfirGen.Api.Audit;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Drafting.Statutes;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Durability;

/// <summary>
/// Lock, open the journal, recover, connect the registry, ready. Runs behind a server that already listens: /alive answers from the
/// first moment, /health says why it is not ready yet.
/// </summary>
internal sealed class StartupSequence(
    DataFolder folder,
    JournalStore journal,
    IRegistry registry,
    RegistryLink link,
    OutboxForwarder forwarder,
    SessionUpkeep upkeep,
    StatuteIndex statutes,
    FinalisationKey finalisationKey,
    ReceiptSigner signer,
    RegistryBinding binding,
    AuditStart audit,
    DurabilityGuard guard,
    ServiceReadiness readiness,
    DurabilityMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<StartupSequence> logger
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public RecoveryReport? Report { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(); // the server must not wait for the disk
            await OpenAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested) { }
        catch (Exception e)
        {
            readiness.NotReady(e.Message);
            // One line that says what to do; the stack trace only when the cause is not one of ours.
            logger.LogCritical(
                e is DataFolderException or StoreNotDurableException ? null : e,
                "The service cannot start: {Reason}",
                e.Message
            );
            await Console.Error.WriteLineAsync($"AfirGen cannot start: {e.Message}");
            // Nothing was taken in, so there is nothing to drain or to flush, and no line may claim that there was (D-25).
            Environment.Exit(1);
        }
    }

    private Task StartedAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        return started.Task.WaitAsync(lifetime.ApplicationStopping);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var startedAt = clock.GetUtcNow();
        if (statutes.SectionCount != StatuteIndex.ExpectedSectionCount)
        {
            throw new StoreNotDurableException(
                $"The statute table has {statutes.SectionCount} sections instead of {StatuteIndex.ExpectedSectionCount}: this build is damaged."
            );
        }

        readiness.NotReady("opening the journal");
        folder.Open();
        var unclean = folder.MarkRunning(startedAt);
        var lastStop = LastStop.Take(folder, unclean);
        finalisationKey.EnsureExists();
        signer.EnsureExists();
        var recovered = journal.Open();
        await binding.RequireAsync(cancellationToken);

        readiness.NotReady("recovering");
        await audit.RunAsync(cancellationToken);
        var outbox = await journal.ReadAsync(OutboxTable.Backlog, cancellationToken);
        var notRead = await upkeep.MarkInterruptedAsync(cancellationToken);
        var expired = await upkeep.ExpireAsync(cancellationToken);

        readiness.NotReady("connecting the registry");
        // Told to stop, it waits for a registry no longer; everything else comes to its end first, and the flush waits for that.
        var connecting = ConnectRegistryAsync(lifetime.ApplicationStopping);
        if (registry.Kind == EmbeddedRegistry.KindName)
        {
            await connecting; // it is a file beside the journal: without it there is nothing to wait for
            await ReportLostJournalAsync(cancellationToken);
        }

        await guard.CheckAsync(cancellationToken);

        Report = new(startedAt, unclean, lastStop, recovered.WalBytes, outbox.Depth, notRead, expired, clock.GetElapsedTime(started));
        metrics.Started(Report);
        logger.LogInformation(
            "Ready after {Duration}: {Stop}, {WalBytes} bytes of write-ahead log recovered, {OutboxRows} outbox rows to deliver, {NotRead} uploads to read again, {Expired} sessions expired",
            Report.Duration,
            unclean ? "the last run did NOT stop cleanly" : "the last run stopped cleanly",
            recovered.WalBytes,
            outbox.Depth,
            notRead,
            expired
        );
        readiness.Ready();
    }

    /// <summary>Both embedded stores are one service's: records without a single session mean that the journal was deleted or replaced.</summary>
    private async Task ReportLostJournalAsync(CancellationToken cancellationToken)
    {
        var sessions = await journal.ReadAsync(db => SessionTables.ListFrom(db, "", 1), cancellationToken);
        if (sessions.Count == 0 && (await registry.ListAsync(1, 0, cancellationToken)).Count > 0)
        {
            metrics.Audited(0, 1);
            logger.LogCritical(
                "DATA LOSS: {Registry} holds FIRs and {Journal} holds no session. Restore the journal from a backup",
                folder.RegistryFile,
                folder.JournalFile
            );
        }
    }

    /// <summary>A registry that is away is no reason not to start: drafting works and the outbox fills.</summary>
    private async Task ConnectRegistryAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await registry.OpenAsync(cancellationToken);
                break;
            }
            catch (RegistryUnavailableException e)
            {
                link.Report(false, e.Message);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        link.Report(true, null);
        forwarder.Begin();
    }
}
