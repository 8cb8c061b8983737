using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>Whether the requests of this service pass the <see cref="DrainMiddleware"/>.</summary>
internal sealed class DrainPipeline
{
    public bool Counts { get; set; }
}

/// <summary>
/// Ends the start of a web application that has the drain and does not count its requests: it would find none in flight, flush beneath
/// them and be gone (G5).
/// </summary>
internal sealed class DrainPipelineCheck(DrainPipeline pipeline, IServiceProvider services) : IHostedLifecycleService
{
    // Here the server has started, and with it the pipeline is built, whichever way the application was set up.
    public Task StartedAsync(CancellationToken cancellationToken) =>
        pipeline.Counts || services.GetService<IServer>() is null
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                "AddDraining() needs app.UseDraining(), after UseRouting(): requests would be cut by a stop."
            );

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
