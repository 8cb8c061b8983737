using System.Security.Cryptography;
using System.Text;
using AfirGen.Api.Durability;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Endpoints;

/// <summary>The key that /authenticate wants: configured, or created once in the data folder, readable by its owner only.</summary>
internal sealed class FinalisationKey(IOptions<ServiceOptions> options, DataFolder folder, ILogger<FinalisationKey> logger)
{
    private readonly Lock _gate = new();
    private string? _key = string.IsNullOrEmpty(options.Value.FinalisationKey) ? null : options.Value.FinalisationKey;

    public bool Matches(string given) => Secrets.Same(given, Key());

    /// <summary>So long that nobody finds it by trying; one that is created is.</summary>
    public bool IsUnguessable => Key().Length >= ServiceOptions.UnguessableKeyLength;

    /// <summary>Called at start, so that the file is there before anybody looks for it.</summary>
    public void EnsureExists() => Key();

    private string Key()
    {
        lock (_gate)
        {
            return _key ??= ReadOrCreate();
        }
    }

    private string ReadOrCreate()
    {
        var path = folder.FinalisationKeyFile;
        if (!File.Exists(path))
        {
            DataFolder.CreatePrivateFile(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
            logger.LogInformation("AfirGen:FinalisationKey is not set: a key was created in {Path}", path);
        }

        var key = File.ReadAllText(path).Trim();
        return key.Length >= ServiceOptions.MinKeyLength
            ? key
            : throw new DataFolderException(
                $"{path} holds no key of at least {ServiceOptions.MinKeyLength} characters. Delete it or set AfirGen__FinalisationKey."
            );
    }
}
