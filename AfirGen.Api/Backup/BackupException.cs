namespace AfirGen.Api.Backup;

/// <summary>Why a backup, a check or a restore did not come about; decides the exit code of a command.</summary>
internal enum BackupFault
{
    /// <summary>The disk, a store or the registry: worth another attempt.</summary>
    Failed,

    /// <summary>What is stored is not what was written, or the key is another one.</summary>
    Damaged,

    /// <summary>Where something is to be restored to is in use, or not empty.</summary>
    Target,

    /// <summary>A setting or an argument.</summary>
    Configuration,
}

/// <param name="message">What is wrong and what to do about it; never text of a complaint.</param>
internal sealed class BackupException(BackupFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public BackupFault Fault { get; } = fault;
}
