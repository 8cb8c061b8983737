using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>
/// A journal belongs to one registry: what it has confirmed would be missing in another one, and its answers would be about FIRs that nobody
/// finds there (G1).
/// </summary>
internal sealed class RegistryBinding(JournalStore journal, DataFolder folder, IRegistry registry)
{
    /// <summary>Called before the registry is opened, which would make a file that is not there.</summary>
    /// <exception cref="StoreNotDurableException">There are sessions, and they belong to the other kind.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        // Journals of earlier versions do not know: with a registry's file beside them they were never told of a server.
        var bound = await journal.ReadAsync(Find, cancellationToken) ?? (File.Exists(folder.RegistryFile) ? "embedded" : registry.Kind);
        if (bound != registry.Kind && await journal.ReadAsync(db => SessionTables.ListFrom(db, "", 1), cancellationToken) is not [])
        {
            throw new StoreNotDurableException(
                registry.Kind == "embedded"
                    ? $"the sessions in {folder.Path} belong to FIRs in MySQL, and ConnectionStrings:firdb is not set. Set ConnectionStrings__firdb (./run.sh mysql), or AfirGen__DataFolder to another folder."
                    : $"the sessions in {folder.Path} belong to FIRs in the embedded registry there, and ConnectionStrings:firdb names MySQL. Start without ConnectionStrings__firdb (./run.sh embedded), or set AfirGen__DataFolder to another folder."
            );
        }

        await journal.WriteOwnAsync(
            db =>
            {
                Set(db, registry.Kind);
                return true;
            },
            cancellationToken
        );
    }

    private static string? Find(SqliteSession db) =>
        db.Single("SELECT kind FROM registry_binding WHERE id = 1", static row => row.GetString(0));

    private static void Set(SqliteSession db, string kind) =>
        db.Execute(
            "INSERT INTO registry_binding (id, kind) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind WHERE kind <> excluded.kind",
            kind
        );
}
