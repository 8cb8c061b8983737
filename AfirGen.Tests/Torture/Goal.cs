using AfirGen.Api.Durability;

namespace AfirGen.Tests.Torture;

/// <summary>What must have happened before a run is over.</summary>
/// <param name="HitRequests">Kills and cuts that met requests on their way.</param>
/// <param name="EveryPoint">The service was killed at every named point at least once.</param>
/// <param name="MetricsBut">Every metric has moved, but these; null: none needs to.</param>
internal sealed record Goal(
    int Kills,
    int PowerCuts,
    int MysqlKills,
    int HitRequests = 0,
    bool EveryPoint = false,
    IReadOnlyList<string>? MetricsBut = null
)
{
    public bool IsReached(Tally tally) =>
        tally.Kills >= Kills
        && tally.Of(Fault.PowerCut) >= PowerCuts
        && tally.Of(Fault.MysqlKill) >= MysqlKills
        && tally.HitRequests >= HitRequests
        && (MetricsBut is null || !tally.Metrics.Unmoved().Except(MetricsBut).Any())
        && (!EveryPoint || CrashPoints.All.All(point => tally.HasHit(Fault.CrashPoint, point)));
}
