using System.Security.Cryptography;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>
/// UUIDs (version 8) that nobody can guess and that follow one another: a counter from a random start, then random bits. Every index of both
/// stores begins with a session's id or with the FIR number made of it, so the requests of one commit write to the same pages instead of to
/// one each. FIR numbers have the id's first eight digits and the second, so they never meet within one service.
/// </summary>
internal sealed class SessionIds
{
    private const int Length = 36;
    private const int VersionDigit = 14;
    private uint _last = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));

    /// <summary>Thread-safe.</summary>
    public string Next()
    {
        Span<char> id = stackalloc char[Length];
        _ = Guid.NewGuid().TryFormat(id, out _);
        _ = Interlocked.Increment(ref _last).TryFormat(id, out _, "x8");
        id[VersionDigit] = '8';
        return new(id);
    }
}
