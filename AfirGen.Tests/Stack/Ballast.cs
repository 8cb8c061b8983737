namespace AfirGen.Tests.Stack;

/// <summary>A file that takes all the space of its disk.</summary>
internal sealed class Ballast(string path)
{
    private static readonly int[] Chunks = [1024 * 1024, 4096];

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var chunk in Chunks)
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[chunk]);
                }
            }
            catch (IOException)
            {
                // full
            }
        }
    }

    public void Free() => File.Delete(path);
}
