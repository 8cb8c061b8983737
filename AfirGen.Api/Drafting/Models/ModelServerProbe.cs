using AfirGen.Api.Reliability;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Models;

/// <summary>Whether the configured chat model's server answers.</summary>
internal sealed class ModelServerProbe(IHttpClientFactory clients, IOptions<ChatModelOptions> options) : IDependencyProbe
{
    public string Name => DependencyNames.ModelServer;

    public bool Configured => options.Value.IsUsed;

    public Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(ChatModelServices.HttpClientName);
        return HttpProbe.ListModelsAsync(client, options.Value.Endpoint!, options.Value.ApiKey, cancellationToken);
    }
}
