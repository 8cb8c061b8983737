using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

/// <param name="Busy">True when a reader kept the checkpoint from finishing: with TRUNCATE that is a failed flush.</param>
/// <param name="WalFrames">Frames in the WAL, -1 when it is empty or unknown.</param>
/// <param name="Checkpointed">Frames that reached the database file.</param>
internal sealed record CheckpointResult(bool Busy, long WalFrames, long Checkpointed);

/// <summary>
/// The WAL of one database. Belongs to whoever owns the write connection, and only that thread calls it. A log that has grown long is
/// copied into the database file by a thread of its own, on a connection of its own, while the owner goes on committing: copying tens of
/// megabytes and syncing them would make everybody wait who is in the next batch.
/// </summary>
/// <remarks>
/// The file keeps its length when the log begins anew, so what is in it is asked of SQLite. Syncing what was written over costs a fraction
/// of syncing what made a file longer.
/// </remarks>
internal sealed class WriteAheadLog(string path, SqliteSession session)
{
    private const long WorthwhileBytes = 1024 * 1024;
    private const long FrameBytes = 4096 + 24;
    private readonly FileInfo _file = new(path + "-wal");
    private long _copiedBytes;
    private Task? _copying;

    /// <summary>Length of the file.</summary>
    public long Bytes
    {
        get
        {
            _file.Refresh();
            return _file.Exists ? _file.Length : 0;
        }
    }

    /// <summary>PASSIVE: never waits for readers.</summary>
    public void CheckpointWhenWorthwhile()
    {
        var log = Look();
        if (_copying is not null || (log.WalFrames - log.Checkpointed) * FrameBytes >= WorthwhileBytes)
        {
            CheckpointUnlessFull();
        }
    }

    /// <summary>
    /// To be called between two transactions. Above <paramref name="limit"/> bytes the copying begins; when it has ended, the owner itself
    /// copies the few frames that came meanwhile. After that nothing is left that only the log has, so the next transaction begins it anew:
    /// a copy beside a busy writer alone would never catch up, and the log would grow without bound.
    /// </summary>
    /// <exception cref="SqliteException">The copying failed otherwise than by a full disk: nobody can vouch for the disk any more (G8).</exception>
    public void KeepShort(long limit)
    {
        if (_copying is { IsCompleted: false })
        {
            return;
        }

        var bytes = Look().WalFrames * FrameBytes;
        if (_copying is not null)
        {
            CheckpointUnlessFull();
            _copiedBytes = bytes;
            return;
        }

        // A reader that stays can keep the log from beginning anew; it is then copied at each further quarter, not at each commit.
        _copiedBytes = bytes < _copiedBytes ? 0 : _copiedBytes;
        if (bytes > limit && bytes - _copiedBytes > limit / 4)
        {
            _copying = Task.Factory.StartNew(
                Copy,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default
            );
        }
    }

    /// <param name="mode">PASSIVE or TRUNCATE.</param>
    public CheckpointResult Checkpoint(string mode)
    {
        EndCopying(); // of two checkpoints at a time the second finds the first in its way
        return Checkpoint(session, mode);
    }

    /// <summary>Waits for the copying, if there is any: afterwards nobody but the owner has the file open for writing.</summary>
    public void EndCopying()
    {
        var copying = _copying;
        _copying = null;
        copying?.GetAwaiter().GetResult();
    }

    // SQLite syncs the log before it copies a frame, and the database file before it forgets one, on whatever connection (G1).
    private void Copy()
    {
        using var beside = new SqliteSession(CheckedSqliteConnection.Open(path, SqliteAccess.ReadWriteExisting));
        UnlessFull(() => Checkpoint(beside, "PASSIVE"));
    }

    private CheckpointResult Look() => Checkpoint(session, "NOOP");

    private void CheckpointUnlessFull() => UnlessFull(() => Checkpoint("PASSIVE"));

    private static void UnlessFull(Action checkpoint)
    {
        try
        {
            checkpoint();
        }
        catch (SqliteException e) when (SqliteFailure.IsDiskFull(e))
        {
            // Nothing is lost: the frames stay in the WAL, and the next write reports the full disk.
        }
    }

    private static CheckpointResult Checkpoint(SqliteSession session, string mode)
    {
        var sql = mode switch
        {
            "TRUNCATE" => "PRAGMA wal_checkpoint(TRUNCATE)",
            "PASSIVE" => "PRAGMA wal_checkpoint(PASSIVE)",
            _ => "PRAGMA wal_checkpoint(NOOP)",
        };
        return session.Single(sql, row => new CheckpointResult(row.GetInt64(0) != 0, row.GetInt64(1), row.GetInt64(2)))!;
    }
}
