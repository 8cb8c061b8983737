namespace AfirGen.Api.Journal;

/// <summary>The write was refused and nothing of it happened; the same request can be sent again later.</summary>
internal abstract class JournalRefusedException(string message) : Exception(message);

/// <summary>Too many writes are waiting.</summary>
internal sealed class JournalQueueFullException(int limit)
    : JournalRefusedException($"{limit} writes are already waiting for the journal. Try again shortly.");

/// <summary>The data disk is full; works again by itself once there is space.</summary>
internal sealed class JournalDiskFullException()
    : JournalRefusedException("The disk that holds the journal is full. Nothing was stored. Free some space; no restart is needed.");

/// <summary>Another program holds the journal's write lock, for example a forgotten <c>sqlite3</c> shell.</summary>
internal sealed class JournalBusyException() : JournalRefusedException("Another program keeps the journal locked. Nothing was stored.");

/// <summary>The journal is closed: not open yet, or sealed by the shutdown.</summary>
internal sealed class JournalClosedException() : JournalRefusedException("The journal is closed: the service is starting or stopping.");

/// <summary>
/// Thrown by a unit of work that finds its precondition gone (a race lost, a key already used): its own changes are rolled back,
/// its neighbours in the batch are not touched.
/// </summary>
internal class UnitRejectedException(string reason) : Exception(reason);
