using System.Net.Sockets;
using AfirGen.Api.Access;
using AfirGen.Api.Backup;
using AfirGen.Api.Commands;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Pages;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace AfirGen.Api;

/// <summary>The order in which a request meets what guards the routes.</summary>
internal static class ApiPipeline
{
    /// <summary>How the configuration binder begins when a value is no number, duration or address; the setting's name follows.</summary>
    private const string ConversionFailure = "Failed to convert configuration value";

    public static void UsePipeline(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseDraining(); // counts what it admits, so everything that can take time comes after it (G5)
        app.UseSignIn();
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
        app.MapBackup();
        app.MapPages();
        app.MapOpenApi().WithMetadata(new PublicEndpoint()).AllowWhileDraining();
        app.MapScalarApiReference("/docs", reference => reference.WithTitle("AfirGen").DisableDefaultFonts())
            .WithMetadata(new PublicEndpoint())
            .AllowWhileDraining();
    }

    /// <summary>Builds and runs; bad configuration ends the start with one line that says what to set.</summary>
    public static async Task<int> RunOrExplainAsync(this WebApplicationBuilder builder, Action<WebApplication> prepare)
    {
        var stopping = CancellationToken.None;
        try
        {
            await using var app = builder.Build();
            stopping = app.Lifetime.ApplicationStopping;
            // Before the host does it, which would log every fault with a stack trace.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            prepare(app);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0; // told to stop before it listened: nothing was taken in
        }
        catch (Exception e) when (Explanation(e) is { } reason)
        {
            await Console.Error.WriteLineAsync($"AfirGen cannot start: {reason}");
            return CommandRun.Configuration;
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            app.Lifetime.StopApplication(); // what runs already ends because of this, and is not reported as failed
            throw;
        }
    }

    /// <summary>Null when no setting is to blame.</summary>
    public static string? Explanation(Exception exception) =>
        exception switch
        {
            OptionsValidationException e => string.Join(" ", e.Failures),
            KeyFileException e => e.Message,
            AggregateException e when e.InnerExceptions.All(inner => Explanation(inner) is not null) => string.Join(
                " ",
                e.InnerExceptions.Select(Explanation)
            ),
            InvalidOperationException e when e.Message.StartsWith(ConversionFailure, StringComparison.Ordinal) => e.Message,
            IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } e =>
                $"{e.Message} Stop what listens there, or set ASPNETCORE_URLS to another address.",
            IOException { InnerException: SocketException socket } e => $"{e.Message} ({socket.Message}). {OtherAddress}",
            SocketException e => $"The address to listen on cannot be taken: {e.Message}. {OtherAddress}",
            // What the server finds wrong with its own settings, a certificate that is not there for one.
            InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } e =>
                $"{e.Message.ReplaceLineEndings(" ")} {OtherAddress}",
            _ => null,
        };

    private const string OtherAddress = "Set ASPNETCORE_URLS, or Kestrel:Endpoints where that is used, to another address.";
}
