using AfirGen.Api.Backup;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>The form of a sealed file: whatever length, exact; whatever order its chunks are put in, only the right one.</summary>
public sealed class SealedFileTests : IDisposable
{
    private const int Chunk = 1024 * 1024;
    private const int Sealed = Chunk + 16;
    private const int Header = 17 + 32;
    private readonly TemporaryFolder _folder = new();
    private readonly BackupDesk _desk = new();

    public void Dispose()
    {
        _folder.Dispose();
        _desk.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    public void Any_length_comes_back(int length)
    {
        var bytes = Bytes(length);
        var (path, content) = Seal(bytes);

        Assert.Equal(bytes, Open(path, content));
        Assert.Equal((length, new FileInfo(path).Length), (content.Bytes, content.StoredBytes));
    }

    [Fact]
    public void G6_chunks_swapped_left_out_doubled_or_cut_off_do_not_open()
    {
        var (path, content) = Seal(Bytes(3 * Chunk));
        var whole = File.ReadAllBytes(path);
        var chunks = Enumerable.Range(0, 3).Select(i => whole.AsMemory(Header + i * Sealed, Sealed)).ToArray();

        foreach (
            var order in (int[][])
                [
                    [1, 0, 2],
                    [0, 2],
                    [0, 1],
                    [0],
                    [0, 1, 2, 2],
                    [0, 0, 1, 2],
                    [2],
                ]
        )
        {
            File.WriteAllBytes(path, [.. whole[..Header], .. order.SelectMany(i => chunks[i].ToArray())]);
            var refused = Assert.Throws<BackupException>(() => Open(path, content));
            Assert.Contains("does not open", refused.Message, StringComparison.Ordinal); // by the chunks alone, without the manifest's hash
        }
    }

    [Fact]
    public void G6_one_file_does_not_pass_for_another()
    {
        var (path, content) = Seal(Bytes(10));

        Assert.Throws<BackupException>(() => Open(path, content, "firs.db"));
    }

    private (string Path, SealedContent Content) Seal(byte[] bytes)
    {
        var path = _folder.File(Guid.NewGuid().ToString("N"));
        return (path, SealedFile.Seal(new MemoryStream(bytes), path, "sessions.db", BackupKey.Read(_desk.KeyFile), _ => { }));
    }

    private byte[] Open(string path, SealedContent content, string name = "sessions.db")
    {
        using var target = new MemoryStream();
        SealedFile.Open(path, name, BackupKey.Read(_desk.KeyFile), content, target, _ => { });
        return target.ToArray();
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
