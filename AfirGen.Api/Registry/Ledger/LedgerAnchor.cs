namespace AfirGen.Api.Registry.Ledger;

/// <summary>
/// Whether a registry still has what this service has seen in it. One that lacks it is an older copy, another database, or was cut back: it
/// would hand out serials that were given already (G4), so nothing is written to it (G6).
/// </summary>
internal static class LedgerAnchor
{
    /// <param name="known">The furthest entry that this service has seen; null when it has seen none.</param>
    /// <param name="end">Where the registry's ledger ends.</param>
    /// <param name="hash">Of the registry's entry at the position of <paramref name="known"/>; null when there is none.</param>
    /// <exception cref="RegistryUnavailableException">It is not there. Nothing was written.</exception>
    public static void Require(LedgerHead? known, long end, string? hash)
    {
        if (known is null || (end >= known.Position && hash == known.Hash))
        {
            return;
        }

        var fault =
            end < known.Position
                ? new LedgerFault(end + 1, $"the ledger ends at {end}, and this service has seen {known.Position} records in it")
                : new LedgerFault(known.Position, "the record there is not the one that this service has seen");
        throw new RegistryUnavailableException(
            $"Position {fault.Position}: {fault.Reason}. An older copy, another database, or a damaged one: nothing is written to it. Point firdb at the right one, or restore it.",
            outcomeUnknown: false
        )
        {
            Fault = fault,
        };
    }
}
