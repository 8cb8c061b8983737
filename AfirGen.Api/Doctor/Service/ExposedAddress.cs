using AfirGen.Api.Doctor.Container;
using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Doctor.Service;

/// <summary>Whoever can reach the service from elsewhere needs a key, and it travels under TLS.</summary>
internal sealed class ExposedAddress(Deployment deployment, ContainerLook containers, Mending mending) : ICheck
{
    public string Name => "access";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var address = ListeningAddresses.NotLoopback(deployment.Configuration);
        if (address is null)
        {
            return [Finding.Right("listens on this machine's own addresses only")];
        }

        // Inside a container it has to listen on all of them; who reaches it is decided by what the container publishes.
        if (containers.IsNamed)
        {
            return (await containers.InspectAsync(cancellationToken)).IsExposed
                ? [JudgeKey(address), JudgeTls(address)]
                : [Finding.Right("the container publishes it on this machine's own addresses only")];
        }

        return mending.InContainer
            ? [Finding.NotLookedAt("where the container is published is not to be seen from inside", "--container, or ./doctor.sh")]
            : [JudgeKey(address), JudgeTls(address)];
    }

    private Finding JudgeKey(string address) =>
        deployment.WantsKey
            ? Finding.Right("wants a key")
            : Finding.Wrong(
                $"{address} takes everybody without a key, who may draft and read FIRs",
                mending.Set("AfirGen__ApiKey", "\"$(openssl rand -hex 16)\"") + "; and AfirGen__AllowAnonymous away"
            );

    private Finding JudgeTls(string address) =>
        address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            ? Finding.Right($"{address}: TLS")
            : Finding.Wrong(
                $"{address} is reached by others without TLS: keys and complaints travel in clear text",
                mending.InContainer
                    ? "AFIRGEN_PUBLISH=127.0.0.1:8000 in .env, docker-compose up -d, and a proxy with TLS in front"
                    : "export ASPNETCORE_URLS=http://localhost:8000, start it anew, and a proxy with TLS in front"
            );
}
