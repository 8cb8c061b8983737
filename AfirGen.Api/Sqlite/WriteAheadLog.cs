using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Sqlite;

/// <param name="Busy">True when a reader kept the checkpoint from finishing: with TRUNCATE that is a failed flush.</param>
/// <param name="WalFrames">Frames in the WAL, -1 when it is empty or unknown.</param>
/// <param name="Checkpointed">Frames that reached the database file.</param>
internal sealed record CheckpointResult(bool Busy, long WalFrames, long Checkpointed);

/// <summary>The WAL of one database. Belongs to whoever owns the write connection: only the writer checkpoints.</summary>
internal sealed class WriteAheadLog(string path, SqliteSession session)
{
    private const long WorthwhileBytes = 1024 * 1024;
    private readonly FileInfo _file = new(path + "-wal");
    private long _checkpointedLength;

    public long Bytes
    {
        get
        {
            _file.Refresh();
            return _file.Exists ? _file.Length : 0;
        }
    }

    /// <summary>PASSIVE: never waits for readers. The WAL file keeps its length, so the growth since the last time decides.</summary>
    public void CheckpointWhenWorthwhile()
    {
        var length = Bytes;
        if (length < WorthwhileBytes || length == _checkpointedLength)
        {
            return;
        }

        try
        {
            Checkpoint("PASSIVE");
            _checkpointedLength = length;
        }
        catch (SqliteException e) when (SqliteFailure.IsDiskFull(e))
        {
            // Nothing is lost: the frames stay in the WAL, and the next write reports the full disk.
        }
    }

    /// <param name="mode">PASSIVE or TRUNCATE.</param>
    public CheckpointResult Checkpoint(string mode)
    {
        var sql = mode == "TRUNCATE" ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)";
        return session.Single(sql, row => new CheckpointResult(row.GetInt64(0) != 0, row.GetInt64(1), row.GetInt64(2)))!;
    }
}
