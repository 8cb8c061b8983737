namespace AfirGen.Api.Reliability;

internal static class DependencyClientServices
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A client without a time limit or retries of its own, and without the service's defaults for them: <see cref="DependencyCall"/> has both.</summary>
    public static void AddUnretriedHttpClient(this IServiceCollection services, string name)
    {
        var client = services
            .AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
            // The client lives as long as the process: connections are renewed instead of handlers, so that DNS changes are seen.
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = ConnectionLifetime)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
#pragma warning disable EXTEXP0001 // The only way to leave the default resilience handler out for one client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }
}
