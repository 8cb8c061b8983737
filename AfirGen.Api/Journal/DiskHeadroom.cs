namespace AfirGen.Api.Journal;

/// <summary>Refuses writes before they start when the disk is nearly full, so that what runs can still finish.</summary>
internal sealed class DiskHeadroom(string path, int minFreeMebibytes)
{
    private readonly DriveInfo _drive = new(Path.GetDirectoryName(Path.GetFullPath(path))!);

    public bool IsEnough
    {
        get
        {
            try
            {
                return minFreeMebibytes == 0 || _drive.AvailableFreeSpace >= minFreeMebibytes * 1024L * 1024L;
            }
            catch (IOException)
            {
                return true; // the folder is gone: the commit finds that out, and ends the process
            }
        }
    }
}
