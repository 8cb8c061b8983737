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
    /// <summary>The kind of registry that the sessions belong to; no row when there are none, or when an earlier version wrote them all.</summary>
    public const string Query = "SELECT kind FROM registry_binding WHERE EXISTS (SELECT 1 FROM session_rows)";

    /// <summary>Called before the registry is opened, which would make a file that is not there.</summary>
    /// <exception cref="StoreNotDurableException">There are sessions, and they belong to the other kind.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var bound =
            await journal.ReadAsync(db => db.Single(Query, static row => row.GetString(0)), cancellationToken) ?? OfEarlierVersion();
        if (Judge(bound, registry.Kind, folder) is { } mismatch)
        {
            throw new StoreNotDurableException($"{mismatch.Fault}. {mismatch.Mend}.");
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

    /// <summary>Which did not note it: with records in an embedded registry beside it, it was never told of a server.</summary>
    private string OfEarlierVersion() => EmbeddedRegistry.HoldsRecords(folder.RegistryFile) ? EmbeddedRegistry.KindName : registry.Kind;

    private static void Set(SqliteSession db, string kind) =>
        db.Execute(
            "INSERT INTO registry_binding (id, kind) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind WHERE kind <> excluded.kind",
            kind
        );
}

/// <summary>A data folder and a configuration that do not go together.</summary>
internal sealed record RegistryMismatch(string Fault, string Mend);
