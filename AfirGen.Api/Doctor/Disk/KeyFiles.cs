namespace AfirGen.Api.Doctor.Disk;

/// <summary>The keys of the data folder, those of the sign-in cookies too, are for the service's account alone.</summary>
internal sealed class KeyFiles(Deployment deployment, Mending mending) : ICheck
{
    public string Name => "keys";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. Look()]);

    private IEnumerable<Finding> Look()
    {
        var folder = deployment.Folder;
        if (!Directory.Exists(folder.Path))
        {
            return [Finding.NotLookedAt($"there is no {folder.Path}")];
        }

        string[] single = [folder.FinalisationKeyFile, folder.LedgerKeyFile, folder.SignInKeysFolder];
        var keys = PrivateFiles
            .In(folder.Path)
            .Where(file => single.Contains(file.Path) || Path.GetDirectoryName(file.Path) == folder.SignInKeysFolder)
            .ToList();
        var open = keys.Where(file => !file.Owner.IsPrivate).ToList();
        return keys.Count == 0 ? [Finding.NotLookedAt("there are none yet: the first start creates them")]
            : open.Count == 0
                ? [Finding.Right($"{string.Join(", ", keys.Select(file => Path.GetFileName(file.Path)))}: for their owner only")]
            : open.Select(file =>
                Finding.Wrong(
                    $"{file.Path} has mode {file.Owner.Octal}: others may use the key",
                    mending.OnFiles($"chmod {(Directory.Exists(file.Path) ? "700" : "600")} {Mending.Quote(file.Path)}")
                )
            );
    }
}
