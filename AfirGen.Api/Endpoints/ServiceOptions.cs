using AfirGen.Api.Access;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Endpoints;

/// <summary>Configuration section <c>AfirGen</c>.</summary>
internal sealed class ServiceOptions
{
    public const string Section = "AfirGen";
    public const int MinKeyLength = 8;
    public const int MaxKeyLength = 256;

    /// <summary>Characters from which on a configured key counts as one that nobody guesses: 128 random bits in hexadecimal digits.</summary>
    public const int UnguessableKeyLength = 32;

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Folder of the journal and the embedded registry. A local disk: no network file system carries SQLite's locks safely.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Wanted in <c>X-API-Key</c> or as bearer token. Without one the service only starts on loopback addresses.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Further keys by name, each with its roles; <see cref="ApiKey"/> has all of them.</summary>
    public Dictionary<string, AccessKeyOptions> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>File of stored keys, which <c>AfirGen.Api key</c> writes. With one a key is wanted, also while there is none in it.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>
    /// Accepts everybody who reaches the service, on whatever address it listens, when no <see cref="ApiKey"/> is set. Only for where something
    /// else keeps strangers away: a container that is published on loopback, a gateway that authenticates. Names by which others reach it go into
    /// <c>AllowedHosts</c>.
    /// </summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Wanted as <c>auth_key</c> by /authenticate. Without one a random key is created in <c>finalisation.key</c> in the data folder.</summary>
    public string? FinalisationKey { get; set; }

    /// <summary>
    /// Requests a minute and API key before 429; 0 turns the limit off. Also of each address where no key is wanted, but there only when it is set.
    /// </summary>
    public int? RateLimitPerMinute { get; set; }

    /// <summary>Keys that are nobody's from one address in ten minutes, before no key from there is looked at; 0 turns the limit off.</summary>
    public int FailedKeyLimit { get; set; } = 30;

    /// <returns>One line that says what to set; null when all is well.</returns>
    public string? Problem(IConfiguration configuration)
    {
        if (Mutations.Problem(configuration) is { } mutated)
        {
            return mutated;
        }

        if (string.IsNullOrWhiteSpace(DataFolder))
        {
            return "AfirGen:DataFolder is empty. Set AfirGen__DataFolder to a folder on a local disk.";
        }

        if (ApiKey is { Length: not 0 and (< MinKeyLength or > MaxKeyLength) })
        {
            return $"AfirGen:ApiKey must have {MinKeyLength} to {MaxKeyLength} characters. Set AfirGen__ApiKey.";
        }

        if (FinalisationKey is { Length: not 0 and (< MinKeyLength or > MaxKeyLength) })
        {
            return $"AfirGen:FinalisationKey must have {MinKeyLength} to {MaxKeyLength} characters. Set AfirGen__FinalisationKey.";
        }

        if (RateLimitPerMinute < 0)
        {
            return "AfirGen:RateLimitPerMinute must not be negative. Set AfirGen__RateLimitPerMinute, 0 for no limit.";
        }

        if (FailedKeyLimit < 0)
        {
            return "AfirGen:FailedKeyLimit must not be negative. Set AfirGen__FailedKeyLimit, 0 for no limit.";
        }

        if (ListeningAddresses.Problem(configuration) is { } listening)
        {
            return listening;
        }

        if (
            configuration[OtlpEndpoint] is { } collector
            && !string.IsNullOrWhiteSpace(collector)
            && !(Uri.TryCreate(collector, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        )
        {
            return $"{OtlpEndpoint} is no address such as http://localhost:4317. Set it to one, or leave it out.";
        }

        if (AccessKeyOptions.Problem(this) is { } keys)
        {
            return keys;
        }

        if (AllowAnonymous && Keys.Count > 0)
        {
            return "AfirGen:AllowAnonymous and AfirGen:Keys contradict each other. Set only one of them.";
        }

        if (AllowAnonymous && !string.IsNullOrEmpty(ApiKeyFile))
        {
            return "AfirGen:AllowAnonymous and AfirGen:ApiKeyFile contradict each other. Set only one of them.";
        }

        if (AllowAnonymous && !string.IsNullOrEmpty(ApiKey))
        {
            return "AfirGen:AllowAnonymous and AfirGen:ApiKey contradict each other. Set only one of AfirGen__AllowAnonymous and AfirGen__ApiKey.";
        }

        if (
            string.IsNullOrEmpty(ApiKey)
            && string.IsNullOrEmpty(ApiKeyFile)
            && Keys.Count == 0
            && !AllowAnonymous
            && ListeningAddresses.NotLoopback(configuration) is { } address
        )
        {
            return $"AfirGen:ApiKey is not set and the service would listen on {address}. Set AfirGen__ApiKey or AfirGen__ApiKeyFile, or listen on localhost only.";
        }

        return null;
    }
}
