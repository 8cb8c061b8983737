namespace AfirGen.Api.Sqlite;

/// <summary>One setting that the guarantee needs: what is wanted and what the live connection says.</summary>
/// <param name="Wanted">The value, or in words which values will do.</param>
internal sealed record DurabilitySetting(string Store, string Name, string Wanted, string Found)
{
    /// <summary>Equality decides, unless several values will do and the reader has decided.</summary>
    public bool Ok { get; init; } = string.Equals(Wanted, Found, StringComparison.OrdinalIgnoreCase);

    /// <summary>What an operator does about a wrong one; null when only a restart of this service can mend it.</summary>
    public string? Remedy { get; init; }
}

/// <summary>A store is not configured durably; the message names the setting, wanted and found. Nothing may be written to it (G7).</summary>
internal sealed class StoreNotDurableException(string message) : Exception(message);
