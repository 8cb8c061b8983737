using System.Net;

namespace AfirGen.Api.Doctor.Service;

/// <summary>Live and ready.</summary>
internal sealed class ServiceAnswers(ServiceLook service, Mending mending) : ICheck
{
    public string Name => "service";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (service.Address is null)
        {
            return [Finding.NotLookedAt("no address of it is known", "--url http://localhost:8000")];
        }

        var alive = await service.AskAsync("/alive", cancellationToken);
        if (alive.Status is null)
        {
            return [Finding.Wrong($"does not answer at {service.Address}: {alive.Reason}", mending.StartService)];
        }

        var health = await service.AskAsync("/health", cancellationToken);
        if (alive.Status == HttpStatusCode.OK && health.Status is null)
        {
            return [Finding.Wrong($"lives at {service.Address}, and does not answer at /health: {health.Reason}", mending.RestartService)];
        }

        if (alive.Status != HttpStatusCode.OK || !health.IsObject || !health.Body.TryGetProperty("reasons", out var found))
        {
            return [Finding.Wrong($"what answers at {service.Address} is not AfirGen: {(int)alive.Status} at /alive", "--url ADDRESS")];
        }

        var reasons = found.EnumerateArray().Select(reason => reason.GetString()).ToList();
        return health.Status == HttpStatusCode.OK && reasons.Count == 0
            ? [Finding.Right($"live and ready at {service.Address}")]
            :
            [
                Finding.Wrong(
                    $"{(health.Status == HttpStatusCode.OK ? "ready, but" : "not ready:")} {string.Join("; ", reasons)}",
                    reasons.Contains("draining")
                        ? mending.Curl(service.Address, "/operations/resume", "-X POST ")
                        : mending.Curl(service.Address, "/durability") + "   # and the lines below say what is wrong"
                ),
            ];
    }
}
