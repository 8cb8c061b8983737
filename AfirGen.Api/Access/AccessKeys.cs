using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Access;

/// <summary>A key of configuration section <c>AfirGen:Keys:{name}</c>.</summary>
internal sealed class AccessKeyOptions
{
    public string? Key { get; set; }

    /// <summary>One or more of officer, registrar, operator, separated by commas. Text: of a dictionary, the binder drops what it cannot convert.</summary>
    public string? Roles { get; set; }

    /// <summary>None when they cannot be read.</summary>
    public Role Granted =>
        Enum.TryParse<Role>(Roles, ignoreCase: true, out var roles) && (roles & ~Role.All) == Role.None ? roles : Role.None;
}

/// <summary>Who sent a request.</summary>
/// <param name="Name">As configured; shown to people.</param>
/// <param name="Principal">Names the key without revealing it; the scope of its idempotency keys.</param>
internal sealed record Accessor(string Name, string Principal, Role Roles)
{
    /// <summary>Everybody who reaches a service that wants no key.</summary>
    public static Accessor Local { get; } = new("local", "local", Role.All);

    /// <returns>Null on public endpoints, for those who have not signed in.</returns>
    public static Accessor? Of(HttpContext context) => context.Items[typeof(Accessor)] as Accessor;

    public static void Set(HttpContext context, Accessor accessor) => context.Items[typeof(Accessor)] = accessor;

    public bool May(Role role) => (Roles & role) == role;
}

/// <summary>The keys that the service takes: <c>AfirGen:ApiKey</c>, which may do everything, and those of <c>AfirGen:Keys</c>.</summary>
internal sealed partial class AccessKeys
{
    private const int FingerprintBytes = 8;
    private readonly Entry[] _entries;

    public AccessKeys(IOptions<ServiceOptions> options)
    {
        var service = options.Value;
        var keys = service.Keys.Select(pair => (pair.Key, pair.Value.Key!, pair.Value.Granted));
        if (!string.IsNullOrEmpty(service.ApiKey))
        {
            keys = keys.Prepend(("api-key", service.ApiKey, Role.All));
        }

        _entries = [.. keys.Select(key => new Entry(key.Item1, Secrets.Hash(key.Item2), key.Item3))];
    }

    /// <summary>False: whoever reaches the service may use it.</summary>
    public bool Wanted => _entries.Length > 0;

    /// <summary>Takes the same time whichever key it is, and when it is none.</summary>
    public Accessor? Find(string given)
    {
        var hash = Secrets.Hash(given);
        Accessor? found = null;
        foreach (var entry in _entries)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, entry.Hash) ? entry.Accessor : found;
        }

        return found;
    }

    /// <summary>The key that somebody signed in with; null once it is no longer configured.</summary>
    public Accessor? FindByPrincipal(string principal) =>
        _entries.Select(entry => entry.Accessor).FirstOrDefault(accessor => accessor.Principal == principal);

    /// <returns>One line that says what to set; null when all is well.</returns>
    public static string? Problem(ServiceOptions options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { options.ApiKey ?? "" };
        foreach (var (name, key) in options.Keys)
        {
            var setting = $"AfirGen:Keys:{name}";
            if (!NameShape().IsMatch(name))
            {
                return $"{setting}: a name has 1 to 32 letters, digits, dots, hyphens or underscores.";
            }

            if (key.Key is not { Length: >= ServiceOptions.MinKeyLength and <= ServiceOptions.MaxKeyLength })
            {
                return $"{setting}:Key must have {ServiceOptions.MinKeyLength} to {ServiceOptions.MaxKeyLength} characters. Set AfirGen__Keys__{name}__Key.";
            }

            if (key.Granted == Role.None)
            {
                return $"{setting}:Roles must be one or more of officer, registrar, operator, separated by commas. Set AfirGen__Keys__{name}__Roles.";
            }

            if (!seen.Add(key.Key))
            {
                return $"{setting}:Key is another key too. Give each a key of its own.";
            }
        }

        return null;
    }

    [GeneratedRegex(@"^[\w.-]{1,32}\z")]
    private static partial Regex NameShape();

    private sealed record Entry(string Name, byte[] Hash, Role Roles)
    {
        public Accessor Accessor { get; } = new(Name, Convert.ToHexStringLower(Hash.AsSpan(0, FingerprintBytes)), Roles);
    }
}
