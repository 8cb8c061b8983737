using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AfirGen.Tests.Draining;

[Trait("Defect", "D-23")]
public sealed class KestrelDrainTests
{
    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task G5_while_stopping_new_connections_get_503_and_the_slow_request_completes()
    {
        await using var bench = await KestrelBench.StartAsync();
        var slow = await bench.StartSlowAsync();
        var run = bench.App.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        var lifetime = bench.App.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.StopApplication();
        await bench.DrainingAsync();
        lifetime.StopApplication();

        foreach (var path in new[] { "/slow", "/no-such-path", "/slow" })
        {
            using var refused = await bench.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter!.Delta);
            Assert.True(refused.Headers.ConnectionClose);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal("Healthy", await bench.GetTextAsync("/alive"));
        using (var ready = await bench.SendAsync(HttpMethod.Get, "/health"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        Assert.False(slow.IsCompleted);
        Assert.False(run.IsCompleted);
        bench.ReleaseSlow();
        using var answer = await slow;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await run.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, bench.ExitCode);
        Assert.Contains("All requests completed, shutting down", bench.Log.Lines);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_refused_upload_reads_its_503_and_not_a_broken_connection()
    {
        await using var bench = await KestrelBench.StartAsync();
        await bench.Drain.DrainAsync("operator");
        for (var i = 0; i < 20; i++)
        {
            using var content = new ByteArrayContent(new byte[8 * 1024 * 1024]);
            using var refused = await bench.SendAsync(HttpMethod.Post, "/upload", content);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_connection_kept_alive_from_before_the_drain_is_closed_by_its_refusal()
    {
        await using var bench = await KestrelBench.StartAsync();
        using var client = new HttpClient { BaseAddress = bench.Address };
        using var before = await client.GetAsync("/alive", TestContext.Current.CancellationToken);
        await bench.Drain.DrainAsync("operator");
        using var refused = await client.GetAsync("/upload", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.ConnectionClose);
    }
}
