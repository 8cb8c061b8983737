using System.Collections.Concurrent;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>What clients, nemesis and checker share: one history on one set of stores, from an empty disk to the last check.</summary>
internal sealed class World
{
    private bool _powerIsOff;

    public World(HistoryLog log, string name, bool hangUps, bool duplicates)
    {
        Log = log;
        Name = name;
        HangUps = hangUps;
        Duplicates = duplicates;
        History = new(log);
        Freshness = new(this);
    }

    /// <summary>Keys begin with it, so that they are unique over a whole run.</summary>
    public string Name { get; }

    public HistoryLog Log { get; }

    public OperationHistory History { get; }

    public ServiceLine Line { get; } = new();

    public Freshness Freshness { get; }

    /// <summary>
    /// Set before a power cut begins. What is answered from then on never reached anybody: the cut of a running kernel takes
    /// milliseconds, an fsync in the middle of it may return 0 for what is lost, and a machine without power tells nobody.
    /// </summary>
    public bool PowerIsOff
    {
        get => Volatile.Read(ref _powerIsOff);
        set => Volatile.Write(ref _powerIsOff, value);
    }

    /// <returns>What <paramref name="send"/> returns while there is power.</returns>
    /// <exception cref="IOException">There is none any more.</exception>
    public async Task<Reply> HearAsync(Func<Task<Reply>> send)
    {
        var answer = await send();
        return PowerIsOff ? throw new IOException("The power went off before the answer was there.") : answer;
    }

    /// <summary>What was noticed while it happened; the checks add what they find.</summary>
    public ConcurrentQueue<Finding> Findings { get; } = new();

    public bool HangUps { get; }

    public bool Duplicates { get; }
}
