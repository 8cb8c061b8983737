using AfirGen.Api.Access;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;

namespace AfirGen.Api.Durability;

/// <summary>What is wrong, in words for an operator: the same on /health and on the operator's page.</summary>
internal sealed class HealthReasons(
    ServiceReadiness readiness,
    JournalStore journal,
    RegistryLink link,
    Scrubber scrubber,
    LedgerWatch ledger,
    AccessKeys keys
)
{
    /// <summary>Empty when nothing is.</summary>
    public IReadOnlyList<string> Read()
    {
        var registry = link.State;
        string?[] reasons =
        [
            readiness.Reason,
            journal.RefusesForHeadroom ? "the disk of the data folder is nearly full: writes are refused" : null,
            registry.Connected ? null : $"the registry does not answer: {registry.Reason}",
            scrubber.Missing > 0 ? $"{scrubber.Missing} data loss incidents; see the log" : null,
            ledger.Fault is { } fault ? $"the ledger is broken at position {fault.Position}: {fault.Reason}" : null,
            keys.FileFault is null ? null : "the API key file cannot be used; the keys of before stay in force. See the log",
        ];
        return [.. reasons.OfType<string>()];
    }
}
