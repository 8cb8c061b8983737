using AfirGen.Api.Durability;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>
/// Where both stores lie in clear text while a backup is made or tried: as private as the data folder, and removed afterwards. What a killed
/// process left is removed by the next one: a lock beside each piece of work tells which still has an owner.
/// </summary>
internal sealed class Scratch(DataFolder folder, IOptions<BackupOptions> options)
{
    private const string Name = "scratch";
    private const string LockSuffix = ".lock";

    /// <summary>Inside the data folder, unless another one is configured.</summary>
    private string Root =>
        string.IsNullOrWhiteSpace(options.Value.ScratchFolder)
            ? Path.Combine(folder.Path, Name)
            : Path.GetFullPath(options.Value.ScratchFolder);

    public Work Create()
    {
        if (!Directory.Exists(folder.Path) && Root.StartsWith(folder.Path, StringComparison.Ordinal))
        {
            DataFolder.CreatePrivateFolder(folder.Path); // a restore will go on with this folder: private from its first moment
        }

        if (!Directory.Exists(Root))
        {
            DataFolder.CreatePrivateFolder(Root);
        }

        return new(Root);
    }

    public void Sweep()
    {
        if (!Directory.Exists(Root))
        {
            return;
        }

        foreach (var left in Directory.EnumerateDirectories(Root, "work-*"))
        {
            try
            {
                using var owned = TakeLock(left + LockSuffix);
                Directory.Delete(left, recursive: true);
                File.Delete(left + LockSuffix);
            }
            catch (IOException)
            {
                // Somebody works there, in this process or another.
            }
        }
    }

    private static FileStream TakeLock(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>A folder for one piece of work.</summary>
    internal sealed class Work : IDisposable
    {
        private readonly FileStream _lock;

        public Work(string root)
        {
            Path = System.IO.Path.Combine(root, $"work-{Guid.NewGuid():N}");
            _lock = TakeLock(Path + LockSuffix); // before the folder, so that no sweep finds one without the other
            DataFolder.CreatePrivateFolder(Path);
        }

        public string Path { get; }

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose()
        {
            Directory.Delete(Path, recursive: true);
            System.IO.File.Delete(_lock.Name);
            _lock.Dispose();
            try
            {
                Directory.Delete(System.IO.Path.GetDirectoryName(Path)!); // a restore wants an empty data folder
            }
            catch (IOException)
            {
                // Others work there.
            }
        }
    }
}
