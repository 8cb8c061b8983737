using AfirGen.Api.Durability;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Registry.Embedded;

/// <summary>The registry in <c>firs.db</c> beside the journal: no server needed, the same guarantees.</summary>
internal sealed class EmbeddedRegistry(DataFolder folder, CrashPoints crashPoints, FatalStop fatal, ILoggerFactory loggerFactory)
    : IRegistry,
        IDisposable
{
    public const string MigrationTag = "registry";
    private const int Readers = 2;
    private const long MaxWalBytes = 16 * 1024 * 1024;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private SqliteSession? _writer;
    private WriteAheadLog? _log;
    private ReadPool? _readers;

    public const string KindName = "embedded";

    public string Kind => KindName;

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            if (!folder.IsAsLeft(folder.RegistryFile))
            {
                IntegrityCheck.RequireFile(folder.RegistryFile);
            }

            Migrations.Run(folder.RegistryFile, MigrationTag, crashPoints, loggerFactory);
            var writer = new SqliteSession(CheckedSqliteConnection.Open(folder.RegistryFile, SqliteAccess.ReadWrite));
            _readers = new(folder.RegistryFile, Readers);
            _log = new(folder.RegistryFile, writer);
            _writer = writer;
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(IReadOnlyList<RegistryChange> changes, CancellationToken cancellationToken) =>
        WriteAsync<IReadOnlyList<DeliveryOutcome>>(session => Deliver(session, changes), cancellationToken);

    public Task<FirRecord?> FindAsync(string firNumber, CancellationToken cancellationToken) =>
        Reader.ReadAsync(session => FirRecords.Find(session, firNumber), cancellationToken);

    public async Task<IReadOnlyList<FirListing>> ListAsync(int limit, int offset, CancellationToken cancellationToken) =>
        await Reader.ReadAsync(session => FirRecords.List(session, limit, offset), cancellationToken);

    public async Task<IReadOnlyList<FirListing>?> ListAfterAsync(string firNumber, int limit, CancellationToken cancellationToken) =>
        await Reader.ReadAsync(session => FirRecords.ListAfter(session, firNumber, limit), cancellationToken);

    public async Task<IReadOnlyList<FirFound>> SearchAsync(FirSearch search, int limit, int offset, CancellationToken cancellationToken) =>
        await Reader.ReadAsync(session => FirRecords.Search(session, search, limit, offset), cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> StatusesAsync(
        IReadOnlyList<string> firNumbers,
        CancellationToken cancellationToken
    ) => await Reader.ReadAsync(session => FirRecords.Statuses(session, firNumbers), cancellationToken);

    public Task<LedgerPage> ReadLedgerAsync(long afterPosition, int count, CancellationToken cancellationToken) =>
        Reader.ReadAsync(session => LedgerPages.Read(session, afterPosition, count), cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) =>
        Reader.ReadAsync(session => session.Scalar<long>("SELECT COUNT(*) FROM registration_counters"), cancellationToken);

    /// <summary>Moves the write-ahead log into the database file.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var result = await WriteAsync(_ => _log!.Checkpoint(CheckpointMode.Truncate), cancellationToken);
        if (result.Busy)
        {
            throw new IOException(
                "The checkpoint of firs.db did not finish: a reader holds the write-ahead log. What is committed stays safe in it."
            );
        }
    }

    public async Task<IReadOnlyList<DurabilitySetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var writer = await WriteAsync(session => session.Connection.ReadSettings(), cancellationToken);
        return [.. writer, .. await Reader.ReadSettingsAsync(cancellationToken)];
    }

    public void Dispose()
    {
        try
        {
            _log?.EndCopying();
        }
        finally
        {
            _writer?.Dispose();
            _readers?.Dispose();
            _writing.Dispose();
        }
    }

    private ReadPool Reader => _readers ?? throw new RegistryUnavailableException("The registry is not open yet.", outcomeUnknown: false);

    private List<DeliveryOutcome> DeliverBatch(SqliteSession session, IReadOnlyList<RegistryChange> changes)
    {
        _log!.KeepShort(MaxWalBytes);
        session.Execute("BEGIN IMMEDIATE");
        if (RegistryChange.FurthestKnown(changes) is { } known)
        {
            LedgerAnchor.Require(known, FirRecords.ReadHead(session).Position, FirRecords.HashAt(session, known.Position));
        }

        var outcomes = changes.Select(change => FirRecords.Apply(session, change)).ToList();
        session.Connection.RequireFile();
        crashPoints.Hit(CrashPoints.InsideRegistryTransaction);
        session.Execute("COMMIT"); // returns after the fsync (G1)
        return outcomes;
    }

    private List<DeliveryOutcome> Deliver(SqliteSession session, IReadOnlyList<RegistryChange> changes)
    {
        try
        {
            return DeliverBatch(session, changes);
        }
        catch (Exception e) when (e is not SqliteException sqlite || !SqliteFailure.IsFatal(sqlite))
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
            {
                session.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var session = _writer ?? throw new RegistryUnavailableException("The registry is not open yet.", outcomeUnknown: false);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return work(session);
        }
        catch (SqliteException e) when (SqliteFailure.IsDiskFull(e) || SqliteFailure.IsBusy(e))
        {
            // SQLite has rolled back: certainly nothing happened.
            throw new RegistryUnavailableException($"The registry cannot be written: {e.Message}", outcomeUnknown: false, e);
        }
        catch (Exception e) when (e is StoreNotDurableException || (e is SqliteException sqlite && SqliteFailure.IsFatal(sqlite)))
        {
            fatal.Stop("The embedded registry failed", e);
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }
}
