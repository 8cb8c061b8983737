using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Endpoints;

/// <summary>
/// Signs receipts with the data folder's key (ECDSA, P-256, SHA-256), so that anybody can check one offline against the public key. A
/// signature differs each time it is made: an answer that must be repeatable is stored, never signed again (G3).
/// </summary>
internal sealed class ReceiptSigner(DataFolder folder, ILogger<ReceiptSigner> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private ECDsa? _key;

    /// <summary>PEM, SubjectPublicKeyInfo.</summary>
    public string PublicKey
    {
        get
        {
            lock (_gate)
            {
                return Key().ExportSubjectPublicKeyInfoPem() + "\n";
            }
        }
    }

    public Receipt Sign(string firNumber, OfficialNumber number, string registeredAt, LedgerEntry entry)
    {
        var text = SignedText(firNumber, number, registeredAt, entry);
        lock (_gate)
        {
            var signature = Key().SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            return new(
                firNumber,
                number.Number,
                number.StationCode,
                number.Year,
                number.Serial,
                registeredAt,
                entry.Position,
                entry.PreviousHash,
                entry.RecordHash,
                text,
                Convert.ToBase64String(signature)
            );
        }
    }

    /// <summary>Called at start, so that the key is there before the first receipt.</summary>
    public void EnsureExists()
    {
        lock (_gate)
        {
            Key();
        }
    }

    public void Dispose() => _key?.Dispose();

    /// <summary>One line for each value; none of them can contain a line feed.</summary>
    private static string SignedText(string firNumber, OfficialNumber number, string registeredAt, LedgerEntry entry) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"AFIRGEN-RECEIPT-1\nfir_number:{firNumber}\nregistration_number:{number.Number}\nregistered_at:{registeredAt}\nledger_position:{entry.Position}\nprevious_hash:{entry.PreviousHash}\nrecord_hash:{entry.RecordHash}\n"
        );

    private ECDsa Key() => _key ??= ReadOrCreate();

    private ECDsa ReadOrCreate()
    {
        var path = folder.LedgerKeyFile;
        if (!File.Exists(path))
        {
            Create(path);
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new DataFolderException(
                $"{path} holds no ECDSA key in PEM. Restore it from a backup; a new one cannot check receipts of the old one."
            );
        }
    }

    private void Create(string path)
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            DataFolder.CreatePrivateFile(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        logger.LogInformation("A key that signs receipts was created in {Path}; keep it in every backup", path);
    }
}
