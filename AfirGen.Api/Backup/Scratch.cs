using AfirGen.Api.Durability;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Backup;

/// <summary>
/// Where both stores lie in clear text while a backup is made or tried: as private as the data folder, and removed afterwards; what a killed
/// process left is removed by the next one.
/// </summary>
internal sealed class Scratch(DataFolder folder, IOptions<BackupOptions> options)
{
    private const string Name = "scratch";

    /// <summary>Inside the data folder, unless another one is configured.</summary>
    private string Root =>
        string.IsNullOrWhiteSpace(options.Value.ScratchFolder)
            ? Path.Combine(folder.Path, Name)
            : Path.GetFullPath(options.Value.ScratchFolder);

    public Work Create()
    {
        if (!Directory.Exists(Root))
        {
            DataFolder.CreatePrivateFolder(Root);
        }

        return new(Root);
    }

    /// <summary>Called when nobody works there: at the start of the service that owns the folder.</summary>
    public void Sweep()
    {
        if (Directory.Exists(Root))
        {
            foreach (var left in Directory.EnumerateDirectories(Root, "work-*"))
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }

    /// <summary>A folder for one piece of work.</summary>
    internal sealed class Work : IDisposable
    {
        public Work(string root)
        {
            Path = System.IO.Path.Combine(root, $"work-{Guid.NewGuid():N}");
            DataFolder.CreatePrivateFolder(Path);
        }

        public string Path { get; }

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
