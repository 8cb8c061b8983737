using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>The two answers of a draining service, as RFC 9457 problem details with <c>Retry-After</c>.</summary>
internal sealed class DrainProblems(IOptions<DrainOptions> options)
{
    /// <summary>The request was not looked at: it certainly has no effect, which <c>durable: false</c> says.</summary>
    public Task RefuseAsync(HttpContext context)
    {
        var problem = Problem(
            "draining",
            "The service is shutting down",
            "The request was not processed and has no effect. Repeat it after the time in Retry-After."
        );
        problem.Extensions["durable"] = false;
        return WriteAsync(context, problem);
    }

    /// <summary>
    /// The request was cancelled while it ran. It may have committed just before, so nothing is claimed about its effect (G8).
    /// </summary>
    public Task CancelledAsync(HttpContext context)
    {
        context.Response.Clear();
        var problem = Problem(
            "cancelled-by-drain",
            "The request was cancelled because the service is shutting down",
            "Whether it took effect is not known here. Repeat it with the same Idempotency-Key: it takes effect once."
        );
        return WriteAsync(context, problem);
    }

    private ProblemDetails Problem(string type, string title, string detail) =>
        new()
        {
            Type = options.Value.ProblemTypePrefix + type,
            Title = title,
            Status = StatusCodes.Status503ServiceUnavailable,
            Detail = detail,
        };

    private Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        problem.Extensions["traceId"] = Activity.Current?.Id ?? context.TraceIdentifier;
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = Math.Ceiling(options.Value.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        if (HttpProtocol.IsHttp2(context.Request.Protocol) || HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            // These forbid the header; their way to say "not on this connection again" is GOAWAY.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            response.Headers[HeaderNames.Connection] = "close";
        }

        return response.WriteAsJsonAsync(
            problem,
            DrainProblemJson.Default.ProblemDetails,
            contentType: "application/problem+json",
            context.RequestAborted
        );
    }
}

/// <summary>Made by the compiler: the first refusal is sent when the processor has the most to do, and looks nothing up by reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
internal sealed partial class DrainProblemJson : JsonSerializerContext;
