namespace AfirGen.Api.Sqlite;

/// <summary>One setting that the guarantee needs: what is wanted and what the live connection says.</summary>
internal sealed record DurabilitySetting(string Store, string Name, string Wanted, string Found)
{
    public bool Ok => string.Equals(Wanted, Found, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A store is not configured durably; the message names the setting, wanted and found. Nothing may be written to it (G7).</summary>
internal sealed class StoreNotDurableException(string message) : Exception(message);
