using System.Buffers.Binary;

namespace AfirGen.Tests.Torture;

/// <summary>Half a frame behind the last commit of a write-ahead log, as a write that power cut off in its middle leaves it.</summary>
internal static class TornLog
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;
    private const int FrameLength = FrameHeaderLength + 4096;
    private const int SaltOffset = 16;
    private const int CommitSizeOffset = 4;
    private const int SaltOffsetInFrame = 8;

    /// <summary>Nothing that was synced is touched: the log may be overwritten only behind its last commit.</summary>
    public static void Tear(string log, Random random)
    {
        if (!File.Exists(log) || new FileInfo(log).Length < HeaderLength)
        {
            return;
        }

        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        var header = new byte[HeaderLength];
        file.ReadExactly(header);
        var salt = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(SaltOffset));
        file.Position = EndOfLastCommit(file, salt);
        var half = new byte[random.Next(1, FrameLength)];
        random.NextBytes(half);
        if (half.Length >= FrameHeaderLength)
        {
            BinaryPrimitives.WriteUInt32BigEndian(half, 2); // a page that exists
            BinaryPrimitives.WriteUInt32BigEndian(half.AsSpan(CommitSizeOffset), 100); // and it says that it commits
            BinaryPrimitives.WriteUInt64BigEndian(half.AsSpan(SaltOffsetInFrame), salt); // of this very log: only the checksum is wrong
        }

        file.Write(half);
    }

    private static long EndOfLastCommit(FileStream file, ulong salt)
    {
        var frame = new byte[FrameHeaderLength];
        var end = (long)HeaderLength;
        for (var at = (long)HeaderLength; at + FrameLength <= file.Length; at += FrameLength)
        {
            file.Position = at;
            file.ReadExactly(frame);
            if (BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(SaltOffsetInFrame)) != salt)
            {
                break; // from before the log began anew
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(CommitSizeOffset)) != 0)
            {
                end = at + FrameLength;
            }
        }

        return end;
    }
}
