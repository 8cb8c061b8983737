using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds draining to a service.</summary>
public static class DrainingExtensions
{
    /// <summary>
    /// Adds the drain: <see cref="DrainCoordinator"/>, <see cref="InFlightRequests"/>, <see cref="DrainSignal"/>, the options of section
    /// <c>Drain</c> (checked at start), a readiness check "draining", and the host's shutdown timeout. Flush steps are registered with
    /// <see cref="AddFlushStep{TStep}"/>. A web application needs <see cref="UseDraining"/> too, and does not start without it. Calling it
    /// again changes nothing.
    /// </summary>
    public static TBuilder AddDraining<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(DrainCoordinator)))
        {
            return builder; // health checks of one name, registered twice, would throw at the first look
        }

        services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DrainOptions>, DrainOptionsValidator>());
        // Post: whoever configures the host's timeout elsewhere would break the budgets that were just checked.
        services
            .AddOptions<HostOptions>()
            .PostConfigure<IOptions<DrainOptions>>((host, drain) => host.ShutdownTimeout = drain.Value.HostShutdownTimeout);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InFlightRequests>();
        services.TryAddSingleton<DrainSignal>();
        services.TryAddSingleton<DrainMetrics>();
        services.TryAddSingleton<DrainProblems>();
        services.TryAddSingleton<FlushSequence>();
        services.TryAddSingleton<DrainRun>();
        services.TryAddSingleton(provider => new DrainCoordinator(
            provider.GetRequiredService<InFlightRequests>(),
            provider.GetRequiredService<DrainSignal>(),
            provider.GetRequiredService<DrainRun>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DrainCoordinator>>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<DrainCoordinator>());
        services.TryAddSingleton<DrainPipeline>();
        services.AddHostedService<DrainPipelineCheck>();
        services.AddHealthChecks().AddCheck<DrainHealthCheck>("draining", tags: ["ready"]);
        return builder;
    }

    /// <summary>Registers a flush step as a singleton, once; its own type resolves to the same instance.</summary>
    public static IServiceCollection AddFlushStep<TStep>(this IServiceCollection services)
        where TStep : class, IFlushOnShutdown
    {
        services.TryAddSingleton<TStep>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFlushOnShutdown, TStep>(provider => provider.GetRequiredService<TStep>()));
        return services;
    }

    /// <summary>
    /// Refuses requests while the service drains, and counts the others. Call it after <c>UseRouting</c>, for it reads the endpoint's
    /// <see cref="AllowWhileDrainingAttribute"/>, and after <c>UseExceptionHandler</c>, which would otherwise answer for cancelled requests.
    /// </summary>
    public static IApplicationBuilder UseDraining(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<DrainPipeline>().Counts = true;
        // The drain itself begins when the host gets to its services, which under load waits its turn on the thread pool. The door shuts at once.
        var inFlight = app.ApplicationServices.GetRequiredService<InFlightRequests>();
        app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => inFlight.BeginDrain());
        return app.UseMiddleware<DrainMiddleware>();
    }
}
