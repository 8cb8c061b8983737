using System.Diagnostics;
using System.Globalization;

namespace AfirGen.Tests.Torture;

/// <summary>What a run did, for its summary. Figures, not adjectives.</summary>
internal sealed class Tally
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly SortedDictionary<Fault, int> _faults = [];
    private readonly SortedDictionary<string, int> _points = [];

    public int Rounds { get; set; }

    /// <summary>Rounds with two or more faults.</summary>
    public int Combined { get; set; }

    /// <summary>SIGKILL of the service, by the nemesis or at a crash point.</summary>
    public int Kills { get; set; }

    /// <summary>Kills and cuts while at least one request was on its way.</summary>
    public int HitRequests { get; set; }

    public long Acknowledged { get; set; }

    /// <summary>Requests that needed more than one attempt until their outcome was known.</summary>
    public long Resolved { get; set; }

    public long Registered { get; set; }

    public long Reads { get; set; }

    public int Checks { get; set; }

    public int Of(Fault fault) => _faults.GetValueOrDefault(fault);

    public void Add(Fault fault) => _faults[fault] = Of(fault) + 1;

    /// <summary>The service was killed or stopped at this named point.</summary>
    public void Hit(string point) => _points[point] = _points.GetValueOrDefault(point) + 1;

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
            named points hit: {string.Join(", ", _points.Select(p => $"{p.Key} {p.Value}"))}
            {Acknowledged} acknowledged changes ({Registered} registrations), {Resolved} resolved by repeating, {Reads} reads, {Checks} checks of everything
            """
        );
}
