namespace AfirGen.Api.Drafting;

/// <summary>Why a request cannot be done. Nothing of it happened, unless the kind says otherwise.</summary>
internal enum RefusalKind
{
    BadInput,
    WrongKey,
    NotFound,

    /// <summary>The session is not in a state that allows this.</summary>
    WrongState,

    /// <summary>The step named is not the one under review.</summary>
    StepNotCurrent,
    SessionExpired,
    AlreadyRegistered,

    /// <summary>The client's <c>If-Match</c> is older than the session.</summary>
    Stale,

    /// <summary>Mandatory fields of the FIR are not recorded.</summary>
    FirIncomplete,
    TooLarge,
    UnsupportedMedia,
    KeyReused,
    KeyInFlight,

    /// <summary>The upload is stored, and nothing here can read it now.</summary>
    UploadNotRead,

    /// <summary>The upload is stored, and it holds nothing that can be read.</summary>
    UploadUnreadable,
    RegistryUnavailable,

    /// <summary>The registry did not confirm in time; whether it happened is not known yet.</summary>
    OutcomeUnknown,

    /// <summary>Too much at once.</summary>
    Overloaded,
}

/// <summary>A request that cannot be done, in words that help its sender.</summary>
/// <param name="kind">Decides status code and problem type.</param>
/// <param name="detail">Names the field and the limit; never contains text of a complaint.</param>
internal sealed class Refusal(RefusalKind kind, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public RefusalKind Kind { get; } = kind;

    /// <summary>Further members of the problem document.</summary>
    public IDictionary<string, object?> Extensions { get; } = new Dictionary<string, object?>();
}
