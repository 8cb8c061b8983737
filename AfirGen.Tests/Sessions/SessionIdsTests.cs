using System.Collections.Concurrent;
using AfirGen.Api.Drafting.Sessions;

namespace AfirGen.Tests.Sessions;

public sealed class SessionIdsTests
{
    /// <summary>The first eight digits are all that tells two FIR numbers of one second apart.</summary>
    [Fact]
    public void Ids_that_are_made_at_once_never_share_their_first_digits()
    {
        const int count = 200_000;
        var ids = new SessionIds();
        var made = new ConcurrentBag<string>();

        Parallel.For(0, count, _ => made.Add(ids.Next()));

        Assert.Equal(count, made.Select(id => id[..8]).Distinct().Count());
    }

    [Fact]
    public void Ids_are_UUIDs_that_follow_one_another_and_cannot_be_guessed()
    {
        var ids = new SessionIds();
        string[] made = [.. Enumerable.Range(0, 1000).Select(_ => ids.Next())];

        Assert.All(made, id => Assert.Equal(8, Guid.ParseExact(id, "D").Version));
        Assert.All(made.Zip(made.Skip(1)), pair => Assert.Equal(Counter(pair.First) + 1, Counter(pair.Second)));
        Assert.Equal(made.Length, made.Select(id => id[9..]).Distinct().Count());
        Assert.NotEqual(Counter(new SessionIds().Next()), Counter(ids.Next()));
    }

    private static uint Counter(string id) => Convert.ToUInt32(id[..8], 16);
}
