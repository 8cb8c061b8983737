using System.Collections.Concurrent;
using AfirGen.Tests.History;

namespace AfirGen.Tests.Torture;

/// <summary>What clients, nemesis and checker share: one history on one set of stores, from an empty disk to the last check.</summary>
internal sealed class World
{
    public World(HistoryLog log, string name, bool hangUps, bool duplicates)
    {
        Log = log;
        Name = name;
        HangUps = hangUps;
        Duplicates = duplicates;
        History = new(log);
        Freshness = new(log, Findings);
    }

    /// <summary>Keys begin with it, so that they are unique over a whole run.</summary>
    public string Name { get; }

    public HistoryLog Log { get; }

    public OperationHistory History { get; }

    public ServiceLine Line { get; } = new();

    public Freshness Freshness { get; }

    /// <summary>What was noticed while it happened; the checks add what they find.</summary>
    public ConcurrentQueue<Finding> Findings { get; } = new();

    public bool HangUps { get; }

    public bool Duplicates { get; }
}
