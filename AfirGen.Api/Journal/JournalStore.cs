using System.Globalization;
using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Journal;

/// <summary>
/// The journal: <c>sessions.db</c>, local and synced on every commit. Everything that a request changes is one transaction here before
/// anything else hears of it; the registry follows through the outbox.
/// </summary>
internal sealed class JournalStore(
    DataFolder folder,
    IOptions<JournalOptions> options,
    CrashPoints crashPoints,
    FatalStop fatal,
    JournalMetrics metrics,
    ILoggerFactory loggerFactory
) : IDisposable
{
    public const string MigrationTag = "journal";
    private GroupCommitWriter? _writer;
    private ReadPool? _readers;

    public bool IsOpen => _writer is not null;

    /// <summary>Requests are refused now because the disk is nearly full.</summary>
    public bool RefusesForHeadroom => _writer?.RefusesForHeadroom == true;

    /// <summary>Checks, migrates and opens. The caller holds the data folder's lock.</summary>
    /// <exception cref="StoreNotDurableException">A setting is wrong, or the file is damaged.</exception>
    public JournalRecovery Open()
    {
        var path = folder.JournalFile;
        var walBytes = new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0;
        if (!folder.IsAsLeft(path))
        {
            IntegrityCheck.RequireFile(path);
        }

        Migrations.Run(path, MigrationTag, crashPoints, loggerFactory);
        _readers = new(path, options.Value.Readers);
        _writer = new(path, options, crashPoints, fatal, metrics, loggerFactory.CreateLogger<GroupCommitWriter>());
        return new(walBytes);
    }

    /// <inheritdoc cref="GroupCommitWriter.WriteAsync"/>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> unit, CancellationToken cancellationToken) =>
        Writer.WriteAsync(unit, cancellationToken);

    /// <summary>The service's own small writes, which finish what was begun: the reserve of disk space is kept for them.</summary>
    public Task<T> WriteOwnAsync<T>(Func<SqliteSession, T> unit, CancellationToken cancellationToken) =>
        Writer.WriteAsync(unit, cancellationToken, ignoreHeadroom: true);

    /// <summary>The same for what nobody waits for: it shares the next commit instead of costing one.</summary>
    public Task<T> WriteOwnWithNextAsync<T>(Func<SqliteSession, T> unit) =>
        Writer.WriteAsync(unit, CancellationToken.None, ignoreHeadroom: true, canWait: true);

    /// <summary>For what nobody waits for and is no reason to touch the reserve of disk space.</summary>
    public Task<T> WriteWithNextAsync<T>(Func<SqliteSession, T> unit) => Writer.WriteAsync(unit, CancellationToken.None, canWait: true);

    /// <summary>Reads what is committed, on one of the pooled read-only connections.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken = default)
    {
        try
        {
            return await (_readers ?? throw new JournalClosedException()).ReadAsync(read, cancellationToken);
        }
        catch (SqliteException e) when (SqliteFailure.IsUnreadable(e))
        {
            fatal.Stop("The journal cannot be read", e);
            throw;
        }
    }

    /// <summary>Moves the whole WAL into the database file and empties it.</summary>
    /// <exception cref="IOException">A reader kept it from finishing.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken) =>
        RequireWhole(await Writer.BetweenBatchesAsync(EmptyLog, cancellationToken));

    /// <summary>The same for good: nothing is written after it, and nothing between it and the end.</summary>
    /// <inheritdoc cref="FlushAsync"/>
    /// <exception cref="JournalClosedException">It is sealed already.</exception>
    public async Task FlushAndSealAsync(CancellationToken cancellationToken) =>
        RequireWhole(await Writer.SealAsync(EmptyLog, cancellationToken));

    /// <summary>Runs <paramref name="work"/>, which must be short, while the writer stands between two batches.</summary>
    public Task BetweenBatchesAsync(Action work, CancellationToken cancellationToken) =>
        Writer.BetweenBatchesAsync(
            (_, _) =>
            {
                work();
                return true;
            },
            cancellationToken
        );

    /// <summary>Nothing is written after this.</summary>
    public void Seal() => _writer?.Seal();

    /// <summary>Read from the live connections: the writer's and all readers'.</summary>
    public async Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var writer = await Writer.BetweenBatchesAsync((session, _) => session.Connection.ReadSettings(), cancellationToken);
        return [.. writer, .. await (_readers ?? throw new JournalClosedException()).ReadSettingsAsync(cancellationToken)];
    }

    public void Dispose()
    {
        // Whoever comes later is told that the journal is closed.
        Interlocked.Exchange(ref _writer, null)?.Dispose();
        Interlocked.Exchange(ref _readers, null)?.Dispose();
    }

    /// <summary>Times are stored like this, so that text order is time order.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private CheckpointResult EmptyLog(SqliteSession session, WriteAheadLog log)
    {
        log.Checkpoint(CheckpointMode.Passive);
        crashPoints.Hit(CrashPoints.DuringDrainCheckpoint);
        return log.Checkpoint(CheckpointMode.Truncate);
    }

    private static void RequireWhole(CheckpointResult result)
    {
        if (result.Busy)
        {
            throw new IOException(
                "The checkpoint of sessions.db did not finish: a reader holds the write-ahead log. What is committed stays safe in it."
            );
        }
    }

    private GroupCommitWriter Writer => _writer ?? throw new JournalClosedException();
}

/// <param name="WalBytes">Length of the write-ahead log that the last run left behind; 0 after a clean stop.</param>
internal sealed record JournalRecovery(long WalBytes);
