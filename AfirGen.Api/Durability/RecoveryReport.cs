namespace AfirGen.Api.Durability;

/// <summary>What the start found and did.</summary>
/// <param name="StartedAt">UTC.</param>
/// <param name="UncleanStop">True when the last run was killed, or lost its power.</param>
/// <param name="LastStop">How the last run says that it ended.</param>
/// <param name="WalBytes">Length of the write-ahead log that the last run left behind.</param>
/// <param name="OutboxRows">Rows that were not known to be delivered; they are delivered again.</param>
/// <param name="UploadsNotRead">Sessions whose upload was being read when the process died; marked so that they can be read again.</param>
/// <param name="SessionsExpired">Sessions that were idle for too long.</param>
/// <param name="Duration">From the lock on the data folder to ready.</param>
internal sealed record RecoveryReport(
    DateTimeOffset StartedAt,
    bool UncleanStop,
    LastStop LastStop,
    long WalBytes,
    long OutboxRows,
    int UploadsNotRead,
    int SessionsExpired,
    TimeSpan Duration
);
