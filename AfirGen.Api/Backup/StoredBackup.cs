using System.Text.Json;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Backup;

/// <summary>A backup as it lies in its folder.</summary>
internal sealed class StoredBackup
{
    private const string VerifiedFile = "verified.json";
    private readonly BackupKey _key;

    private StoredBackup(string folder, BackupKey key, BackupManifest manifest) => (Folder, _key, Manifest) = (folder, key, manifest);

    public string Folder { get; }

    public BackupManifest Manifest { get; }

    /// <exception cref="BackupException">It is no backup, was altered, or the key is another one.</exception>
    public static StoredBackup Open(string folder, BackupKey key) => new(folder, key, BackupManifest.Read(folder, key));

    /// <summary>Writes the files of the backup to <paramref name="target"/>, each of them synced.</summary>
    /// <exception cref="BackupException">One is damaged.</exception>
    public void Extract(string target, Action<BackupProgress> progress)
    {
        foreach (var file in Manifest.Files)
        {
            if (Path.GetFileName(file.Name) != file.Name)
            {
                throw new BackupException(BackupFault.Damaged, $"{Folder} names a file outside of its folder.");
            }

            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var output = new FileStream(Path.Combine(target, file.Name), options);
            try
            {
                SealedFile.Open(
                    Path.Combine(Folder, file.StoredAs),
                    file.Name,
                    _key,
                    file.Content,
                    output,
                    done => progress(new($"opening {file.Name}", done, file.Content.Bytes))
                );
            }
            catch (FileNotFoundException e)
            {
                throw new BackupException(BackupFault.Damaged, $"{Folder} is incomplete: {file.StoredAs} is missing.", e);
            }

            output.Flush(flushToDisk: true);
        }

        DataFolder.SyncDirectory(target);
    }

    /// <summary>When it was last restored for trial and found right; null when never.</summary>
    public static DateTimeOffset? VerifiedAt(string folder)
    {
        try
        {
            return JsonSerializer
                .Deserialize<Verified>(File.ReadAllBytes(Path.Combine(folder, VerifiedFile)), BackupJson.Options)
                ?.VerifiedAt;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void MarkVerified(DateTimeOffset at, string registry)
    {
        var path = Path.Combine(Folder, VerifiedFile);
        File.Delete(path);
        DataFolder.CreatePrivateFile(path, JsonSerializer.SerializeToUtf8Bytes(new Verified(at, registry), BackupJson.Options));
    }

    /// <param name="Registry">Into what the registry was restored for trial.</param>
    private sealed record Verified(DateTimeOffset VerifiedAt, string Registry);
}

/// <param name="What">Being worked on, in words.</param>
/// <param name="Done">Of <paramref name="Total"/>, in whatever unit.</param>
internal sealed record BackupProgress(string What, long Done, long Total);
