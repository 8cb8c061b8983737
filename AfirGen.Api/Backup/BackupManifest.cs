using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Backup;

/// <summary>What a backup holds. It has no text of a complaint, so it is readable without the key; with the key it is known for genuine.</summary>
/// <param name="Format">1.</param>
/// <param name="Name">Of the backup's folder.</param>
/// <param name="TakenAt">UTC, the instant of the barrier.</param>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Counts">Rows by <c>store/table</c>.</param>
/// <param name="OutboxPosition">Id of the last outbox row; every change up to it is in the journal's file.</param>
/// <param name="Anchor">The furthest ledger entry that the journal knows.</param>
internal sealed record BackupManifest(
    int Format,
    string Name,
    DateTimeOffset TakenAt,
    string Version,
    string SqliteVersion,
    RegistryFacts Registry,
    long OutboxPosition,
    LedgerHead? Anchor,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<StoredFile> Files
)
{
    public const int CurrentFormat = 1;
    public const string FileName = "manifest.json";
    public const string CodeFileName = "manifest.hmac";
    private const string Purpose = "AFIRGEN-MANIFEST-1";

    /// <summary>The manifest and its authentication code, both on the disk when this returns.</summary>
    public void Write(string folder, BackupKey key)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Options);
        DataFolder.CreatePrivateFile(Path.Combine(folder, FileName), bytes);
        DataFolder.CreatePrivateFile(Path.Combine(folder, CodeFileName), Encoding.ASCII.GetBytes(Code(bytes, key)));
    }

    /// <exception cref="BackupException">There is none, it was altered, or the key is another one.</exception>
    public static BackupManifest Read(string folder, BackupKey key)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, FileName));
            var code = File.ReadAllText(Path.Combine(folder, CodeFileName)).Trim();
            if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(bytes, key)), Encoding.ASCII.GetBytes(code)))
            {
                throw new BackupException(
                    BackupFault.Damaged,
                    $"The manifest of {folder} does not fit the key: another key file, or somebody altered it."
                );
            }

            var manifest = JsonSerializer.Deserialize<BackupManifest>(bytes, BackupJson.Options)!;
            return manifest.Format == CurrentFormat
                ? manifest
                : throw new BackupException(
                    BackupFault.Configuration,
                    $"{folder} has format {manifest.Format}; this program reads {CurrentFormat}."
                );
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new BackupException(BackupFault.Damaged, $"{folder} is no complete backup: {e.Message}", e);
        }
    }

    private static string Code(byte[] manifest, BackupKey key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key.Derive([], Purpose), manifest));
}

/// <param name="Name">What it is restored as.</param>
internal sealed record StoredFile(string Name, SealedContent Content)
{
    public string StoredAs => Name + ".sealed";
}

/// <summary>What a registry was at the barrier.</summary>
/// <param name="Kind"><c>embedded</c> or <c>mysql</c>.</param>
/// <param name="Version">Of the database.</param>
/// <param name="Position">MySQL's <c>gtid_executed</c>, from where a binary log goes on; null when embedded.</param>
/// <param name="Ledger">Where the chain ends.</param>
/// <param name="Counters">The last serial given, for each station and year.</param>
/// <param name="RowsSha256">Over every value of <c>fir_records</c>, as it was read from the registry itself.</param>
internal sealed record RegistryFacts(
    string Kind,
    string Version,
    string? Position,
    LedgerHead Ledger,
    IReadOnlyList<OfficialNumber> Counters,
    string RowsSha256,
    IReadOnlyDictionary<string, long> Counts
);

internal static class BackupJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };
}
