using AfirGen.Api.Access;
using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <summary>The file of stored API keys, where one is configured: there, whole, for the service's account alone, and a key of it is taken.</summary>
internal sealed class StoredKeyFile(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "API keys";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Look()]);

    /// <exception cref="UnauthorizedAccessException">Another account looks than the service's, which may be able to read it: nothing is known.</exception>
    /// <exception cref="IOException">It is not there, or the disk fails.</exception>
    /// <exception cref="KeyFileException">It is damaged, or the service's account cannot read it.</exception>
    public static IReadOnlyList<StoredKey> KeysIn(KeyFile file, Deployment deployment)
    {
        try
        {
            File.OpenRead(file.Path).Dispose();
        }
        catch (UnauthorizedAccessException e) when (FileOwner.Of(deployment.Folder.Path).IsOwn)
        {
            throw new KeyFileException($"the service's account cannot read {file.Path}: {e.Message}");
        }

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
            // Looking at its owner needs no right to read it, and may say why there is none.
            var problem = File.Exists(file.Path) ? SecretFile.Problem(file.Path, "see whose keys there are", deployment, OnFile) : null;
            return problem ?? Judge(file.Path, KeysIn(file, deployment));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Finding.Wrong($"there is no {file.Path}", Create);
        }
        catch (KeyFileException e) when (!e.IsDamage)
        {
            return Finding.Wrong(
                e.Message,
                File.Exists(file.Path) ? OnFile("chmod 600") : OnFolder("ls -ld") + "   # the service's account must be able to enter it"
            );
        }
        catch (KeyFileException e)
        {
            return Finding.Wrong(e.Message, mending.PutBack(file.Path) + "   # until then no key is revoked, and no start succeeds");
        }

        string OnFile(string command) => mending.OnFilesAsRoot($"{command} {Mending.Quote(file.Path)}");
        string OnFolder(string command) => mending.OnFilesAsRoot($"{command} {Mending.Quote(Path.GetDirectoryName(file.Path)!)}");
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
