using AfirGen.Api.Access;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>The file of stored API keys, where one is configured: there, whole, for the service's account alone, and a key of it is taken.</summary>
internal sealed class StoredKeyFile(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "API keys";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Look()]);

    /// <exception cref="UnauthorizedAccessException">Only the service's account may read it: nothing is known.</exception>
    /// <exception cref="IOException">It is not there, or the disk fails.</exception>
    /// <exception cref="KeyFileException">It is damaged.</exception>
    public static IReadOnlyList<StoredKey> KeysIn(KeyFile file)
    {
        File.OpenRead(file.Path).Dispose();
        return file.Parse(file.Read()!);
    }

    private Finding Look()
    {
        if (deployment.Service.ApiKeyFile is not { Length: > 0 } configured)
        {
            return Finding.NotLookedAt("no file of stored keys is configured", "AfirGen__ApiKeyFile: docs/security.md");
        }

        KeyFile file = new(configured);
        try
        {
            var keys = KeysIn(file);
            return SecretFile.Problem(file.Path, "see whose keys there are", deployment, OnFile) ?? Judge(file.Path, keys);

            string OnFile(string command) => mending.OnFilesAsRoot($"{command} {Mending.Quote(file.Path)}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Finding.Wrong($"there is no {file.Path}", Create);
        }
        catch (KeyFileException e)
        {
            return Finding.Wrong(e.Message, mending.PutBack(file.Path) + "   # until then no key is revoked, and no start succeeds");
        }
    }

    private Finding Judge(string path, IReadOnlyList<StoredKey> keys)
    {
        var now = deployment.Clock.GetUtcNow();
        var taken = keys.Count(key => key.ToAccessKey().LapseAt(now) is null);
        return taken > 0
            ? Finding.Right($"{path}: {taken} of {keys.Count} are taken")
            : Finding.Wrong($"{path}: none of {keys.Count} is taken any more", Create);
    }

    private string Create => mending.Afirgen("key create --name NAME --role officer");
}
