using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Bench.Load;

/// <summary>What the ledger's hash covers of a FIR of ordinary length.</summary>
internal static class OrdinaryRecord
{
    private const string At = "2026-11-20T19:30:00.0000000Z";

    public static LedgerRecord New() =>
        new()
        {
            FirNumber = "FIR-0a1b2c3d-20261120193000",
            SessionId = "0a1b2c3d-0000-4000-8000-000000000000",
            Registration = new("KTW", 2026, 42),
            CreatedAt = At,
            FinalizedAt = At,
            ComplaintText = Complaint.Text("ledger"),
            FirContent = new string('x', 8000),
            ViolationsJson = "[]",
        };
}
