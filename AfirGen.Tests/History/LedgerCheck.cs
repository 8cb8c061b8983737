using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Registry;

namespace AfirGen.Tests.History;

/// <summary>The ledger and every receipt that was given out, computed anew from docs/ledger.md alone: none of the service's code (G6).</summary>
internal static class LedgerCheck
{
    private static readonly string Genesis = new('0', 64);

    public static IEnumerable<Finding> Run(IReadOnlyList<Operation> history, StoreView stores, ECDsa? key)
    {
        var registered = stores.Firs.Where(fir => fir.Entry is not null).OrderBy(fir => fir.Entry!.Position).ToList();
        var (position, previous) = (0L, Genesis);
        foreach (var fir in registered)
        {
            var entry = fir.Entry!;
            if (entry.Position != position + 1 || entry.PreviousHash != previous)
            {
                yield return new(Violation.Broken, $"{fir.FirNumber} is at {entry.Position} and does not follow the record before it");
            }

            (position, previous) = (entry.Position, entry.RecordHash);
            if (Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes(fir))) != entry.RecordHash)
            {
                yield return new(Violation.Broken, $"{fir.FirNumber} at {entry.Position} does not have the hash that was recorded");
            }
        }

        var bySession = stores.FirsBySession;
        foreach (var operation in history.Where(o => o.Request.Kind == RequestKind.Register && o.Acknowledged is not null))
        {
            if (Receipt(operation, bySession.GetValueOrDefault(operation.Request.SessionId!), key) is { } fault)
            {
                yield return new(Violation.Broken, $"Register {operation.Request.Key}: {fault}");
            }
        }
    }

    /// <summary>What docs/ledger.md says that a record's hash covers.</summary>
    public static byte[] CanonicalBytes(FirRecord fir)
    {
        (string Name, string Value)[] fields =
        [
            ("position", fir.Entry!.Position.ToString(CultureInfo.InvariantCulture)),
            ("previous_hash", fir.Entry.PreviousHash),
            ("fir_number", fir.FirNumber),
            ("session_id", fir.SessionId),
            ("station_code", fir.Registration!.StationCode),
            ("registration_year", fir.Registration.Year.ToString(CultureInfo.InvariantCulture)),
            ("registration_serial", fir.Registration.Serial.ToString(CultureInfo.InvariantCulture)),
            ("created_at", fir.CreatedAt),
            ("finalized_at", fir.FinalizedAt!),
            ("complaint_text", fir.ComplaintText),
            ("fir_content", fir.FirContent!),
            ("violations_json", fir.ViolationsJson!),
        ];
        var text = fields.Select(field => $"{field.Name}:{Encoding.UTF8.GetByteCount(field.Value)}:{field.Value}\n");
        return Encoding.UTF8.GetBytes("AFIRGEN-LEDGER-1\n" + string.Concat(text));
    }

    private static string? Receipt(Operation operation, FirRecord? fir, ECDsa? key)
    {
        if (operation.Acknowledged!.Json["receipt"] is not { } receipt)
        {
            return "it was answered without a receipt";
        }

        var text = receipt["signed_text"]!.ToString();
        var signature = Convert.FromBase64String(receipt["signature"]!.ToString());
        if (
            key is not null
            && !key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        )
        {
            return "its receipt is not signed with the key of the data folder";
        }

        var entry = fir?.Entry;
        return
            text.Contains($"\nledger_position:{entry?.Position}\n", StringComparison.Ordinal)
            && text.Contains($"\nrecord_hash:{entry?.RecordHash}\n", StringComparison.Ordinal)
            && text.Contains($"\nregistration_number:{fir?.Registration?.Number}\n", StringComparison.Ordinal)
            ? null
            : $"its receipt is for another entry than the ledger has: {text.ReplaceLineEndings(" ")}";
    }
}
