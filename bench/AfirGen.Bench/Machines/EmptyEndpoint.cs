using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AfirGen.Bench.Machines;

/// <summary>What ASP.NET Core costs when it does nothing: reads a body and answers a constant of the size of our answer.</summary>
internal static class EmptyEndpoint
{
    public const string Command = "empty-endpoint";

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        await using var app = builder.Build();
        var answer = new byte[1024];
        answer.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(answer);
        app.MapPost(
            "/process",
            async (HttpContext context) =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer);
            }
        );
        await app.RunAsync(url);
        return 0;
    }

    public static IPEndPoint AddressOf(Uri uri) => new(IPAddress.Parse(uri.Host), uri.Port);
}
