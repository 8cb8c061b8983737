using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace AfirGen.Api;

/// <summary>The order in which a request meets what guards the routes.</summary>
internal static class ApiPipeline
{
    /// <summary>EX_CONFIG of sysexits.h.</summary>
    private const int ConfigurationExitCode = 78;

    public static void UsePipeline(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseDraining(); // counts what it admits, so everything that can take time comes after it (G5)
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseRateLimiter();
        app.UseMiddleware<ReadinessMiddleware>();
        app.UsePrometheus();
    }

    public static void MapRoutes(this WebApplication app)
    {
        app.MapDefaultEndpoints();
        app.MapSessions();
        app.MapFirs();
        app.MapLedger();
        app.MapOperations();
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi().WithMetadata(new PublicEndpoint()).AllowWhileDraining();
        app.MapScalarApiReference("/docs", reference => reference.WithTitle("AfirGen").DisableDefaultFonts())
            .WithMetadata(new PublicEndpoint())
            .AllowWhileDraining();
    }

    /// <summary>Bad configuration ends the start with one line that says what to set.</summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync($"AfirGen cannot start: {string.Join(" ", e.Failures)}");
            return ConfigurationExitCode;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"AfirGen cannot start: {e.Message} Stop what listens there, or set ASPNETCORE_URLS to another address."
            );
            return ConfigurationExitCode;
        }
    }
}
