namespace AfirGen.Api.Sqlite;

/// <summary>One setting that the guarantee needs: what is wanted and what the live connection says.</summary>
/// <param name="Wanted">The value, or in words which values will do.</param>
internal sealed record DurabilitySetting(string Store, string Name, string Wanted, string Found)
{
    /// <summary>Equality decides, unless several values will do and the reader has decided.</summary>
    public bool Ok { get; init; } = string.Equals(Wanted, Found, StringComparison.OrdinalIgnoreCase);

    /// <summary>SQL that mends the running server, typed by root; null when none does.</summary>
    public string? Statement { get; init; }

    /// <summary>How the server is to be started, so that it is right from then on: <c>with --flag</c>; null when that does not matter.</summary>
    public string? Start { get; init; }

    /// <summary>What an operator does about a wrong one, in words; null when only a restart of this service can mend it.</summary>
    public string? Remedy =>
        (Statement, Start) switch
        {
            (null, null) => null,
            ({ } statement, null) => $"{statement}.",
            (null, { } start) => $"Start mysqld {start}.",
            ({ } statement, { } start) => $"{statement}. And start mysqld {start}.",
        };
}

/// <summary>A store is not configured durably; the message names the setting, wanted and found. Nothing may be written to it (G7).</summary>
internal sealed class StoreNotDurableException(string message) : Exception(message);
