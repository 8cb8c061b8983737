using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Telemetry;
using AfirGen.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Access;

/// <summary>
/// The keys that the service takes: <c>AfirGen:ApiKey</c>, which may do everything, those of <c>AfirGen:Keys</c>, and those of the file
/// <c>AfirGen:ApiKeyFile</c>, which is read again while the service runs. In memory too they are hashes only.
/// </summary>
internal sealed class AccessKeys
{
    public const string MeterName = "AfirGen.Access";
    private readonly AccessKey[] _configured;
    private readonly KeyFile? _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile AccessKey[] _all;
    private byte[]? _read;

    /// <exception cref="KeyFileException">The file is damaged or cannot be read.</exception>
    public AccessKeys(IOptions<ServiceOptions> options, IMeterFactory meters, TimeProvider clock, ILogger<AccessKeys> logger)
    {
        (_clock, _logger) = (clock, logger);
        var service = options.Value;
        var keys = service.Keys.Select(pair => (pair.Key, pair.Value.Key!, pair.Value.Granted));
        if (!string.IsNullOrEmpty(service.ApiKey))
        {
            keys = keys.Prepend(("api-key", service.ApiKey, Role.All));
        }

        _all = _configured = [.. keys.Select(key => Configured(key.Item1, key.Item2, key.Item3))];
        meters.Create(MeterName).Gauge(Metric.KeyFileOk, () => FileFault is null ? 1 : 0);
        if (service.ApiKeyFile is { Length: > 0 } path)
        {
            _file = new(path);
            if (_file.Read() is { } bytes)
            {
                Take(bytes);
            }
            else
            {
                _logger.LogWarning("There is no API key file {Path} yet: AfirGen.Api key create makes it", _file.Path);
            }
        }
    }

    /// <summary>False: whoever reaches the service may use it.</summary>
    public bool Wanted => _configured.Length > 0 || _file is not null;

    public bool HasFile => _file is not null;

    /// <summary>As last read; replaced as a whole when the file changes.</summary>
    public IReadOnlyList<StoredKey> Stored { get; private set; } = [];

    /// <summary>Why the keys of before are still in force; null when the file is as it should be, or none is configured.</summary>
    public string? FileFault { get; private set; }

    /// <summary>Takes the same time whichever key it is, and when it is none. It may have lapsed.</summary>
    public AccessKey? Find(string given)
    {
        var hash = Secrets.Hash(given);
        AccessKey? found = null;
        foreach (var key in _all)
        {
            // The last one counts: the file's, so that a key that is configured as well can be revoked there.
            found = CryptographicOperations.FixedTimeEquals(hash, key.Hash) ? key : found;
        }

        return found;
    }

    /// <summary>The key that somebody signed in with, which may have lapsed; null once it is there no more.</summary>
    public AccessKey? FindByPrincipal(string principal) => Array.FindLast(_all, key => key.Accessor.Principal == principal);

    /// <summary>Whether somebody who was let in would be let in still.</summary>
    public bool StillTakes(Accessor? accessor) =>
        accessor is null
        || accessor == Accessor.Local
        || (FindByPrincipal(accessor.Principal) is { } key && key.LapseAt(_clock.GetUtcNow()) is null);

    /// <summary>
    /// Reads the file again. One that is damaged, gone or unreadable changes nothing, and that is said: to lock everybody out would stop the
    /// station, to trust half of it could bring a revoked key back.
    /// </summary>
    public void Reread()
    {
        try
        {
            var bytes = _file!.Read();
            if (bytes is null && _read is not null)
            {
                throw new KeyFileException($"The API key file {_file.Path} is gone. Put it back: the next start would know no key of it.");
            }

            if (bytes is not null && (_read is null || !bytes.AsSpan().SequenceEqual(_read)))
            {
                Take(bytes);
                _logger.LogInformation("The API key file was read again: {Count} keys", Stored.Count);
            }

            FileFault = null;
        }
        catch (KeyFileException e)
        {
            if (FileFault != e.Message)
            {
                _logger.LogError("The keys of before stay in force. {Reason}", e.Message);
            }

            FileFault = e.Message;
        }
    }

    private void Take(byte[] bytes)
    {
        Stored = _file!.Parse(bytes);
        _all = [.. _configured, .. Stored.Select(key => key.ToAccessKey())];
        _read = bytes;
    }

    private static AccessKey Configured(string name, string key, Role roles)
    {
        var hash = Secrets.Hash(key);
        return new(new(name, AccessKey.IdOf(hash), roles), hash, IsUnguessable: key.Length >= ServiceOptions.UnguessableKeyLength);
    }
}
