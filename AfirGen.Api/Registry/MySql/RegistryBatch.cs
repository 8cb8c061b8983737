using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Api.Registry.MySql;

/// <summary>
/// A batch of changes applied to what the registry holds, in memory and in order, while the transaction has all of it locked. Pure: it
/// says what every change comes to and what is to be written; each record is then written once, however often the batch changed it.
/// </summary>
internal sealed class RegistryBatch
{
    private readonly Dictionary<string, StoredFir> _bySession = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredFir> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Station, int Year), long> _serials = [];
    private readonly List<Finalization> _finalizations = [];
    private readonly List<StoredFir> _new = [];
    private LedgerHead _head = LedgerHead.Genesis;

    /// <summary>Records that were not there before.</summary>
    public IReadOnlyList<StoredFir> New => _new;

    /// <summary>Records that were there and have other texts now, in key order: two processes never wait for each other in a circle.</summary>
    public IEnumerable<StoredFir> Changed =>
        _bySession.Values.Where(fir => fir is { IsNew: false, TextsChanged: true }).OrderBy(fir => fir.SessionId, StringComparer.Ordinal);

    /// <summary>In ledger order.</summary>
    public IReadOnlyList<Finalization> Finalizations => _finalizations;

    public bool ChangesNothing => _new.Count == 0 && _finalizations.Count == 0 && !Changed.Any();

    public void Load(LedgerHead head) => _head = head;

    public void Load(string station, int year, long lastSerial) => _serials[(station, year)] = lastSerial;

    /// <summary>A record read twice is kept once: the texts of whichever read had them.</summary>
    public void Load(StoredFir fir)
    {
        if (!_bySession.TryGetValue(fir.SessionId, out var known) || (known.ComplaintText is null && fir.ComplaintText is not null))
        {
            _bySession[fir.SessionId] = fir;
            _byNumber[fir.FirNumber] = fir;
        }
    }

    public DeliveryOutcome Apply(RegistryChange change) =>
        change switch
        {
            RecordDraft draft => Apply(draft),
            RecordPending pending => Apply(pending),
            Register register => Apply(register),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    private Recorded Apply(RecordDraft draft)
    {
        if (!_bySession.TryGetValue(draft.SessionId, out var fir))
        {
            fir = new(draft.FirNumber, draft.SessionId, FirStatus.Draft, draft.CreatedAt)
            {
                ComplaintText = draft.ComplaintText,
                IsNew = true,
            };
            _bySession.Add(fir.SessionId, fir);
            _byNumber[fir.FirNumber] = fir;
            _new.Add(fir);
        }
        else if (fir.Status == FirStatus.Draft)
        {
            // Delivered again after a crash, or late behind a pending one: what is there stays.
            fir.TextsChanged |= fir.ComplaintText != draft.ComplaintText;
            fir.ComplaintText = draft.ComplaintText;
        }

        return new();
    }

    private DeliveryOutcome Apply(RecordPending pending)
    {
        if (!_bySession.TryGetValue(pending.SessionId, out var fir) || fir.Status == FirStatus.Finalized)
        {
            return new Refused(Refused.AlreadyFinalized);
        }

        fir.Status = FirStatus.Pending;
        fir.ComplaintText = pending.ComplaintText;
        fir.FirContent = pending.FirContent;
        fir.ViolationsJson = pending.ViolationsJson;
        fir.TextsChanged = true;
        return new Recorded();
    }

    private DeliveryOutcome Apply(Register register)
    {
        var fir = _byNumber.GetValueOrDefault(register.FirNumber);
        var candidate = fir?.AsCandidate();
        if (RegistrationDecision.Settled(candidate, register) is { } settled)
        {
            return settled;
        }

        var counter = (register.StationCode, register.Year);
        var last = _serials.GetValueOrDefault(counter);
        var registered = RegistrationDecision.Enter(candidate!, register, last + 1, _head);
        _serials[counter] = last + 1;
        _head = registered.Entry.AsHead();
        fir!.Status = FirStatus.Finalized;
        fir.Operation = register.Operation;
        fir.Registered = registered;
        _finalizations.Add(new(fir.FirNumber, register.Operation, registered));
        return registered;
    }
}

/// <summary>One record gets its serial and its place in the ledger.</summary>
internal sealed record Finalization(string FirNumber, string Operation, Registered Registered);

/// <summary>A record as the transaction has it locked, and as the batch changes it.</summary>
internal sealed class StoredFir(string firNumber, string sessionId, string status, string createdAt)
{
    public string FirNumber { get; } = firNumber;
    public string SessionId { get; } = sessionId;
    public string CreatedAt { get; } = createdAt;
    public string Status { get; set; } = status;

    /// <summary>Null when it was not read: only a registration needs the texts.</summary>
    public string? ComplaintText { get; set; }

    public string? FirContent { get; set; }
    public string? ViolationsJson { get; set; }
    public string? Operation { get; set; }
    public Registered? Registered { get; set; }
    public bool IsNew { get; init; }
    public bool TextsChanged { get; set; }

    /// <summary>The status that its texts are written with: finalizing is a step of its own.</summary>
    public string TextStatus => FirContent is null ? FirStatus.Draft : FirStatus.Pending;

    public RegistrationCandidate AsCandidate() =>
        new(SessionId, Status, CreatedAt, ComplaintText ?? "", FirContent, ViolationsJson, Operation, Registered);
}
