using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Doctor.Disk;

/// <param name="Path">Of a file or a folder.</param>
internal sealed record OwnedFile(string Path, FileOwner Owner);

/// <summary>What is in a folder, at every depth. A live service creates and deletes there: what is gone when it is looked at does not count.</summary>
internal static class PrivateFiles
{
    public static IEnumerable<OwnedFile> In(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).SelectMany(Look);

    private static IEnumerable<OwnedFile> Look(string path)
    {
        try
        {
            return [new(path, FileOwner.Of(path))];
        }
        catch (IOException) when (!Path.Exists(path))
        {
            return [];
        }
    }
}
