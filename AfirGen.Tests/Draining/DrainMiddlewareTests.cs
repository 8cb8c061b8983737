using System.Text.Json;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AfirGen.Tests.Draining;

[Trait("Defect", "D-23")]
public sealed class DrainMiddlewareTests
{
    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_refused_request_gets_a_problem_that_says_it_had_no_effect_and_when_to_come_back()
    {
        using var bench = new DrainBench(builder =>
            builder.Services.Configure<DrainOptions>(options =>
            {
                options.ProblemTypePrefix = "urn:afirgen:";
                options.RetryAfter = TimeSpan.FromSeconds(4.2);
            })
        );
        await bench.Drain.DrainAsync("operator");
        var reached = false;
        var context = await bench.SendAsync(
            new DefaultHttpContext { TraceIdentifier = "trace-1" },
            _ =>
            {
                reached = true;
                return Task.CompletedTask;
            }
        );

        Assert.False(reached);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal("5", context.Response.Headers.RetryAfter);
        Assert.Equal("close", context.Response.Headers.Connection);
        var problem = Body(context);
        Assert.Equal("urn:afirgen:draining", problem.GetProperty("type").GetString());
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
        Assert.False(problem.GetProperty("durable").GetBoolean());
        Assert.Equal("trace-1", problem.GetProperty("traceId").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-25")]
    public async Task A_cancelled_request_gets_a_problem_that_claims_nothing_about_its_effect()
    {
        using var bench = new DrainBench();
        var answer = bench.SendAsync(context =>
        {
            context.Response.Headers.ETag = "\"half-done\"";
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var drain = bench.Drain.DrainAsync("operator");
        bench.Clock.Advance(bench.Options.DrainTimeout);
        var context = await answer.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("5", context.Response.Headers.RetryAfter);
        Assert.Equal("close", context.Response.Headers.Connection);
        Assert.Empty(context.Response.Headers.ETag.ToArray());
        var problem = Body(context);
        Assert.Equal("urn:service:cancelled-by-drain", problem.GetProperty("type").GetString());
        Assert.False(problem.TryGetProperty("durable", out _));
        Assert.Equal(1, (await drain).Cancelled);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_request_that_completes_in_spite_of_its_cancellation_keeps_its_answer()
    {
        using var bench = new DrainBench();
        var cancelled = new TaskCompletionSource();
        var answer = bench.SendAsync(async context =>
        {
            await using var heard = context.RequestAborted.Register(cancelled.SetResult);
            await cancelled.Task;
            context.Response.StatusCode = StatusCodes.Status201Created;
        });
        var drain = bench.Drain.DrainAsync("operator");
        bench.Clock.Advance(bench.Options.DrainTimeout);
        Assert.Equal(201, (await answer.WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken)).Response.StatusCode);
        Assert.Equal((1, 0), ((await drain).Cancelled, (await drain).Abandoned));
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task An_exempt_endpoint_answers_while_draining_and_is_not_waited_for()
    {
        using var bench = new DrainBench();
        var end = new TaskCompletionSource();
        var exempt = bench.SendAsync(_ => end.Task, allowWhileDraining: true);
        Assert.Equal(0, bench.InFlight.Count);
        await bench.Drain.DrainAsync("operator").WaitAsync(DrainBench.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await bench.SendAsync(_ => Task.CompletedTask, allowWhileDraining: true)).Response.StatusCode);
        end.SetResult();
        Assert.Equal(200, (await exempt).Response.StatusCode);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    [Trait("Defect", "D-22")]
    public async Task A_request_that_throws_is_counted_out_and_its_exception_is_left_to_others()
    {
        using var bench = new DrainBench();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.SendAsync(_ => throw new InvalidOperationException("bug")));
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            bench.SendAsync(_ => throw new OperationCanceledException("own timeout"))
        );
        Assert.Equal(0, bench.InFlight.Count);
    }

    [Fact(Timeout = DrainBench.TestTimeoutMilliseconds)]
    public async Task A_request_whose_client_went_away_is_not_called_cancelled_by_the_drain()
    {
        using var bench = new DrainBench();
        using var client = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = client.Token };
        var answer = bench.SendAsync(context, c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(client.Token, context.RequestAborted);
        Assert.Equal(0, bench.InFlight.Count);
    }

    private static JsonElement Body(HttpContext context)
    {
        context.Response.Body.Position = 0;
        return JsonDocument.Parse(context.Response.Body).RootElement;
    }
}
