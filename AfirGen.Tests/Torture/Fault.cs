namespace AfirGen.Tests.Torture;

/// <summary>What the nemesis can do. Names on the command line are these with a hyphen between words, in lower case.</summary>
internal enum Fault
{
    /// <summary>SIGKILL of the service at a random instant.</summary>
    Kill,

    /// <summary>SIGTERM of the service; nobody may be cut, and what it says about its flush must be so.</summary>
    Term,

    /// <summary>The power of the disk that holds all stores is cut, then everything on the machine is dead.</summary>
    PowerCut,

    /// <summary>The service kills itself at a named crash point, the n-th time it gets there.</summary>
    CrashPoint,

    /// <summary>The service gets SIGTERM at a named point, the n-th time it gets there; inside a drain it is the second one.</summary>
    TermPoint,

    /// <summary>fsync of the journal fails with EIO from the n-th on.</summary>
    FsyncFails,

    /// <summary>Every fsync takes long, so that a kill or a cut falls into one.</summary>
    SlowDisk,

    /// <summary>The clock of the service jumps by up to half a day, to and fro.</summary>
    ClockJump,

    /// <summary>The disk is full for a while.</summary>
    DiskFull,

    /// <summary>After a kill: half a frame stands behind the last commit in the journal's log.</summary>
    TornLog,

    /// <summary>Clients hang up in the middle of a request.</summary>
    HangUp,

    /// <summary>Requests arrive twice at once.</summary>
    Duplicate,

    /// <summary>SIGKILL of mysqld.</summary>
    MysqlKill,

    /// <summary>mysqld is stopped in order, and started again.</summary>
    MysqlStop,

    /// <summary>mysqld is frozen for a while.</summary>
    MysqlPause,

    /// <summary>The connection to MySQL breaks at a COMMIT: before it arrives, after it, or it arrives late.</summary>
    CommitCut,
}
