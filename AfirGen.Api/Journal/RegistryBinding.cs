using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>
/// A journal belongs to one registry: what it has confirmed would be missing in another one, and its answers would be about FIRs that nobody
/// finds there (G1).
/// </summary>
internal sealed class RegistryBinding(JournalStore journal, DataFolder folder, IRegistry registry)
{
    /// <summary>The kind of registry that the sessions belong to; no row when there are none.</summary>
    public const string Query = "SELECT kind FROM registry_binding WHERE EXISTS (SELECT 1 FROM session_rows)";

    /// <summary>
    /// Called before the registry is opened, which would make a file that is not there. A journal that does not know, a new one or one of an
    /// earlier version, belongs to what is configured from now on.
    /// </summary>
    /// <exception cref="StoreNotDurableException">There are sessions, and they belong to the other kind.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var bound = await journal.ReadAsync(db => db.Single(Query, static row => row.GetString(0)), cancellationToken);
        if (bound is not null && Judge(bound, registry.Kind, folder) is { } mismatch)
        {
            throw new StoreNotDurableException($"{mismatch.Fault}. {mismatch.Mend}.");
        }

        if (await journal.ReadAsync(Noted, cancellationToken) != registry.Kind)
        {
            Note(folder.JournalFile, registry.Kind);
        }
    }

    /// <summary>Durable when it returns, on a connection of its own. A journal of an earlier version, which a restore may bring, has no place for it.</summary>
    public static void Note(string journal, string kind)
    {
        using var db = new SqliteSession(CheckedSqliteConnection.Open(journal, SqliteAccess.ReadWriteExisting));
        if (db.Scalar<long>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'registry_binding'") == 1)
        {
            db.Execute("INSERT INTO registry_binding (id, kind) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind", kind);
        }
    }

    /// <returns>Null when they go together.</returns>
    public static RegistryMismatch? Judge(string bound, string configured, DataFolder folder) =>
        bound == configured ? null
        : configured == EmbeddedRegistry.KindName
            ? new(
                $"the sessions in {folder.Path} belong to FIRs in MySQL, and ConnectionStrings:firdb is not set",
                "Set ConnectionStrings__firdb (./run.sh mysql), or AfirGen__DataFolder to another folder"
            )
        : new(
            $"the sessions in {folder.Path} belong to FIRs in the embedded registry there, and ConnectionStrings:firdb names MySQL",
            "Start without ConnectionStrings__firdb (./run.sh embedded), or set AfirGen__DataFolder to another folder"
        );

    private static string? Noted(SqliteSession db) =>
        db.Single("SELECT kind FROM registry_binding WHERE id = 1", static row => row.GetString(0));
}

/// <summary>A data folder and a configuration that do not go together.</summary>
internal sealed record RegistryMismatch(string Fault, string Mend);
