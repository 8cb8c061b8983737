using System.Runtime.InteropServices;

namespace AfirGen.Api.Durability;

/// <summary>
/// The folder that holds everything that must survive. Its lock keeps a second process off the same journal; its marker tells a clean
/// stop from a crash.
/// </summary>
internal sealed partial class DataFolder : IDisposable
{
    /// <summary>While the service runs, this file of the folder says in which process.</summary>
    public const string MarkerName = "running";

    private const int OpenReadOnly = 0;
    private FileStream? _lock;
    private IReadOnlySet<string> _asLeft = new HashSet<string>();

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
    }

    public string Path { get; }

    public string JournalFile => System.IO.Path.Combine(Path, "sessions.db");

    public string RegistryFile => System.IO.Path.Combine(Path, "firs.db");

    public string FinalisationKeyFile => System.IO.Path.Combine(Path, "finalisation.key");

    public string LedgerKeyFile => System.IO.Path.Combine(Path, "ledger.key");

    public string SignInKeysFolder => System.IO.Path.Combine(Path, "sign-in-keys");

    private string[] Stores => [JournalFile, RegistryFile];

    private string CleanStopFile => System.IO.Path.Combine(Path, "clean-stop");

    /// <summary>There while a restore is under way. Empty: of both stores. Of the registry alone it says from which backup.</summary>
    public string RestoringFile => System.IO.Path.Combine(Path, "restoring");

    /// <summary>The journal beside the marker is whole and may be the only one there is: no restore may take it for half of its own (G1).</summary>
    public bool RestoresRegistryAlone => new FileInfo(RestoringFile) is { Exists: true, Length: > 0 };

    private string MarkerFile => System.IO.Path.Combine(Path, MarkerName);

    /// <summary>Creates the folder when it is missing and takes its lock, which the kernel gives back however the process ends.</summary>
    /// <exception cref="DataFolderException">It is in use, cannot be written, or holds a restore that was not finished.</exception>
    public void Open()
    {
        TakeLock();
        if (File.Exists(RestoringFile))
        {
            throw new DataFolderException(
                RestoresRegistryAlone
                    ? $"A restore of the registry alone was not finished; the journal in {Path} is whole and stays. When the binary log has been replayed: restore --finish. Before that: restore BACKUP --registry-only."
                    : $"A restore into {Path} was not finished: what is there is not whole. Run the same restore again; it begins anew."
            );
        }
    }

    /// <summary>The same for who restores into it.</summary>
    /// <exception cref="DataFolderException">It is in use, or cannot be written.</exception>
    public void TakeLock()
    {
        try
        {
            if (!Directory.Exists(Path))
            {
                CreatePrivateFolder(Path);
            }

            _lock = new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException(
                $"The data folder {Path} cannot be used: {e.Message} Is another AfirGen running on it? Set AfirGen__DataFolder to another one, or stop the other process."
            );
        }
    }

    /// <summary>Writes the marker durably.</summary>
    /// <returns>True when one was there already: the last run did not stop cleanly.</returns>
    public bool MarkRunning(DateTimeOffset now)
    {
        var unclean = File.Exists(MarkerFile);
        _asLeft = unclean ? _asLeft : CleanStop.Unchanged(CleanStopFile, Stores);
        using (var marker = new FileStream(MarkerFile, FileMode.Create, FileAccess.Write))
        {
            using var writer = new StreamWriter(marker, leaveOpen: true);
            writer.WriteLine($"pid {Environment.ProcessId} since {now:O}");
            writer.Flush();
            marker.Flush(flushToDisk: true);
        }

        File.Delete(CleanStopFile);
        SyncDirectory(Path);
        return unclean;
    }

    /// <summary>The last run stopped cleanly and nobody has touched <paramref name="store"/> since.</summary>
    public bool IsAsLeft(string store) => _asLeft.Contains(store);

    /// <summary>The very last step of a clean stop: whatever dies before it counts as a crash, which is always safe.</summary>
    public void MarkStopped()
    {
        CleanStop.Write(CleanStopFile, Stores); // before the marker goes: it says nothing while that is there
        File.Delete(MarkerFile);
        SyncDirectory(Path);
    }

    public void Dispose() => _lock?.Dispose();

    /// <exception cref="InvalidOperationException">The folder's lock is not held yet: another process may be writing there.</exception>
    public void RequireOpen()
    {
        if (_lock is null)
        {
            throw new InvalidOperationException("The data folder is not open yet.");
        }
    }

    /// <summary>Complaints are personal data: nobody but the service's own account may read them.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        SyncDirectory(Directory.GetParent(path)!.FullName);
    }

    /// <summary>A secret, readable by its owner only: complete under its name or not there, whatever is cut in between.</summary>
    /// <param name="replace">One that is there is exchanged in one step; otherwise it is an error.</param>
    public static void CreatePrivateFile(string path, ReadOnlySpan<byte> content, bool replace = false)
    {
        var fresh = path + ".new";
        File.Delete(fresh); // left behind by a crash
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(fresh, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, replace);
        SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes the creation or removal of a file in <paramref name="directory"/> survive a power cut.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals its directories; they cannot be opened for this
        }

        var descriptor = OpenFile(directory, OpenReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open {directory} to sync it: error {Marshal.GetLastPInvokeError()}.");
        }

        var result = Fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"Cannot sync {directory}: error {error}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

/// <summary>The data folder cannot be used; the message says why and what to set.</summary>
internal sealed class DataFolderException(string message) : Exception(message);
