using AfirGen.Api;
using AfirGen.Api.Doctor;
using AfirGen.Tests.Stack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Doctor;

/// <summary>The running service: away, draining, another build, badly configured, reached by strangers.</summary>
public sealed class ServiceLineTests(HealthyDeployment healthy) : IClassFixture<HealthyDeployment>
{
    [Fact]
    public async Task A_service_that_is_down_is_found_and_the_rest_is_looked_at_all_the_same()
    {
        var diagnosis = await LookAsync(("AfirGen:Doctor:Url", $"http://127.0.0.1:{Docker.FreePort()}"));

        diagnosis.RequireOnly("service", "does not answer", "./run.sh");
        diagnosis.Require("version", Level.NotLookedAt, "does not answer");
        diagnosis.Require("SQLite", Level.NotLookedAt, "does not answer");
        diagnosis.Require("backup", Level.Right, "taken");
        diagnosis.Require("volume", Level.Right, healthy.Stack.DataFolder);
    }

    [Fact]
    public async Task A_service_that_drained_and_stayed_up_is_found_and_resumed()
    {
        (await healthy.Stack.Client.PostAsync("/operations/drain")).RequireOk();
        (await LookAsync()).RequireOnly("service", "not ready: draining", "/operations/resume").Mend();
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task In_a_container_it_is_resumed_where_a_stand_in_for_Docker_says_that_it_is_published()
    {
        using var deployment = new TemporaryFolder();
        await File.WriteAllTextAsync(deployment.File(".env"), "AFIRGEN_API_KEY=a-key-of-its-own\n", TestContext.Current.CancellationToken);
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:ApiKey"] = "a-key-of-its-own" });
        var settings = DoctorBench.SettingsOf(stack);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();

        var line = (await DoctorBench.LookAsync(settings, DoctorBench.InContainer)).RequireWrong(
            "service",
            "not ready: draining",
            $"http://$(docker-compose port fir_pipeline {stack.Api.Address.Port})/operations/resume"
        );
        (line with { Mend = $"cd {deployment.Path}; {line.Mend}" }).MendWithStandIn(
            "[ \"$1 $2\" = 'port fir_pipeline' ] && echo 127.0.0.1:$3"
        );
        (await DoctorBench.LookAsync(settings)).Require("service", Level.Right, "live and ready");
    }

    [Fact]
    public async Task A_stand_in_of_another_build_whose_SQLite_does_not_sync_is_found()
    {
        await using var standIn = await StandIn.StartAsync(
            ("/alive", "\"Healthy\""),
            ("/health", """{"status": "healthy", "reasons": []}"""),
            (
                "/durability",
                """
                {"version": "0.9.0", "settings": [
                  {"store": "sessions.db", "name": "synchronous", "wanted": "2", "found": "1", "ok": false},
                  {"store": "sessions.db", "name": "journal_mode", "wanted": "wal", "found": "wal", "ok": true},
                  {"store": "mysql", "name": "sync_binlog", "wanted": "1", "found": "0", "ok": false}]}
                """
            )
        );
        var diagnosis = await LookAsync(("AfirGen:Doctor:Url", standIn.Address));

        diagnosis.Require("service", Level.Right, "live and ready");
        diagnosis.RequireWrong("version", $"is 0.9.0, installed is {ThisBuild.Version}", "./run.sh");
        diagnosis.RequireWrong("SQLite", "sessions.db: synchronous is 1, wanted 2", "kill -TERM");
        Assert.Equal(2, diagnosis.Wrong); // MySQL is asked itself, where there is one
    }

    [Fact]
    public async Task A_stand_in_that_is_no_AfirGen_is_found()
    {
        await using var standIn = await StandIn.StartAsync(("/alive", "\"hello\""));

        (await LookAsync(("AfirGen:Doctor:Url", standIn.Address))).RequireWrong("service", "is not AfirGen", "--url");
    }

    [Fact]
    public async Task A_stand_in_that_lives_and_hangs_up_at_health_is_taken_for_no_other_program()
    {
        await using var standIn = await StandIn.StartAsync(("/alive", "\"Healthy\""), ("/health", null));

        (await LookAsync(("AfirGen:Doctor:Url", standIn.Address))).RequireWrong("service", "does not answer at /health", "kill -TERM");
    }

    [Fact]
    public async Task A_service_that_wants_a_key_which_is_not_configured_here_is_unknown()
    {
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:ApiKey"] = "a key of its own" });
        var settings = DoctorBench.SettingsOf(stack);
        (await DoctorBench.LookAsync(settings)).Require("version", Level.Right, ThisBuild.Version);

        settings.Remove("AfirGen:ApiKey");
        var diagnosis = await DoctorBench.LookAsync(settings);
        diagnosis.Require("version", Level.Unknown, "wants a key", "AfirGen__ApiKey");
        diagnosis.Require("SQLite", Level.Unknown, "wants a key", "AfirGen__ApiKey");
    }

    [Theory]
    [InlineData("Drain:DrainTimeout", "00:00:44", "Drain:HostShutdownTimeout", "docs/configuration.md")]
    [InlineData("AfirGen:ApiKey", "short", "8 to 256", "Set AfirGen__ApiKey")]
    [InlineData("AfirGen:Housekeeping:IdempotencyRetention", "00:00:01", "IdempotencyRetention", "docs/configuration.md")]
    [InlineData("AfirGen:Station:Code", "P/S", "AfirGen:Station:Code", "")]
    public async Task A_setting_that_would_end_the_next_start_is_found(string name, string value, string text, string mend) =>
        (await LookAsync((name, value))).RequireOnly("configuration", text, mend);

    [Theory]
    [InlineData("http://localhost:8000", "", false, false)]
    [InlineData("http://0.0.0.0:8000", "a key of its own", false, true)]
    [InlineData("https://0.0.0.0:8443", "a key of its own", false, false)]
    [InlineData("https://0.0.0.0:8443", "", true, false)]
    [InlineData("http://0.0.0.0:8000", "", true, true)]
    public async Task Whoever_is_reached_by_others_needs_a_key_and_TLS(string urls, string key, bool anonymous, bool open)
    {
        var diagnosis = await LookAsync(("urls", urls), ("AfirGen:ApiKey", key), ("AfirGen:AllowAnonymous", anonymous ? "true" : "false"));

        var wrong = diagnosis.Lines.Where(line => line.Check == "access" && line.Level == Level.Wrong).ToList();
        Assert.Equal((anonymous ? 1 : 0) + (open ? 1 : 0), wrong.Count);
        if (anonymous)
        {
            diagnosis.RequireOnly("access", "without a key", "AfirGen__ApiKey");
        }

        if (open)
        {
            diagnosis.RequireOnly("access", "without TLS", "ASPNETCORE_URLS=http://localhost:8000");
        }
    }

    private Task<Diagnosis> LookAsync(params (string, string)[] more) => DoctorBench.LookAsync(DoctorBench.SettingsOf(healthy.Stack, more));

    /// <summary>Answers some addresses with fixed JSON, or hangs up.</summary>
    private sealed class StandIn(WebApplication app) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public static async Task<StandIn> StartAsync(params (string Path, string? Json)[] answers)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            foreach (var (path, json) in answers)
            {
                app.MapGet(
                    path,
                    (HttpContext context) =>
                    {
                        if (json is null)
                        {
                            context.Abort();
                        }

                        return Results.Text(json, "application/json");
                    }
                );
            }

            await app.StartAsync();
            return new(app);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
