using System.Diagnostics;
using System.Globalization;
using AfirGen.Tests.History;

namespace AfirGen.Tests.Torture;

/// <summary>What a run did, for its summary. Figures, not adjectives.</summary>
internal sealed class Tally
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly SortedDictionary<Fault, int> _faults = [];
    private readonly SortedDictionary<(Fault Signal, string Point), int> _points = [];

    public int Rounds { get; set; }

    /// <summary>Rounds with two or more faults.</summary>
    public int Combined { get; set; }

    /// <summary>SIGKILL of the service, by the nemesis or at a crash point.</summary>
    public int Kills { get; set; }

    /// <summary>Kills and cuts while at least one request was on its way.</summary>
    public int HitRequests { get; set; }

    public long Acknowledged { get; private set; }

    /// <summary>Requests that needed more than one attempt until their outcome was known.</summary>
    public long Resolved { get; private set; }

    public long Registered { get; private set; }

    public long Reads { get; private set; }

    public int Checks { get; set; }

    /// <summary>What the metrics showed meanwhile.</summary>
    public MetricMovement Metrics { get; } = new();

    public int Of(Fault fault) => _faults.GetValueOrDefault(fault);

    public void Add(Fault fault) => _faults[fault] = Of(fault) + 1;

    /// <summary>The service got the signal of <paramref name="signal"/>, CrashPoint or TermPoint, at this named point.</summary>
    public void Hit(Fault signal, string point) => _points[(signal, point)] = _points.GetValueOrDefault((signal, point)) + 1;

    public bool HasHit(Fault signal, string point) => _points.ContainsKey((signal, point));

    /// <summary>Adds what clients did on one set of stores.</summary>
    public void Count(World world)
    {
        foreach (var operation in world.History.Operations.Where(o => o.Acknowledged is not null))
        {
            Acknowledged++;
            Registered += operation.Request.Kind == RequestKind.Register ? 1 : 0;
            Resolved += operation.Attempts.Count > 1 ? 1 : 0;
        }

        Reads += world.Freshness.Reads;
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Rounds} rounds in {Elapsed.TotalMinutes:F1} min ({Elapsed.TotalSeconds
                / Math.Max(1, Rounds):F2} s each), {Combined} with two faults or more
            {Kills} kills of the service, {Of(Fault.PowerCut)} power cuts, {Of(
                Fault.MysqlKill
            )} kills of MySQL; {HitRequests} of them with requests on their way
            {string.Join(", ", _faults.Select(f => $"{f.Key} {f.Value}"))}
            killed at {Points(Fault.CrashPoint)}; told to stop at {Points(Fault.TermPoint)}
            {Acknowledged} acknowledged changes ({Registered} registrations), {Resolved} resolved by repeating, {Reads} reads, {Checks} checks of everything
            {Metrics}
            """
        );

    private string Points(Fault signal) =>
        string.Join(", ", _points.Where(p => p.Key.Signal == signal).Select(p => $"{p.Key.Point} {p.Value} times"));
}
