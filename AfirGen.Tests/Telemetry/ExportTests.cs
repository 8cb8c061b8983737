using System.Collections.Concurrent;
using AfirGen.Tests.Chat;
using AfirGen.Tests.Media;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Telemetry;

/// <summary>What leaves the service besides its answers, and what must never leave it.</summary>
public sealed class ExportTests
{
    private const string ApiKey = "canary-api-key-b1d7";

    [Fact]
    public async Task Spans_metrics_and_logs_arrive_at_a_stand_in_collector()
    {
        await using var collector = await FakeOtlpServer.StartAsync();
        await using var stack = await EmbeddedStack.StartAsync(collector.Settings);

        (await stack.Client.ProcessAsync("Test")).RequireOk();

        await Eventually.TrueAsync(() => collector.Has("traces", "/process"), "the span of the request arrives");
        await Eventually.TrueAsync(() => collector.Has("metrics", "afirgen_commit_seconds"), "the metrics arrive");
        await Eventually.TrueAsync(() => collector.Has("logs", "Ready after"), "the logs arrive");
        Assert.False(collector.Has("traces", "/alive"));
    }

    [Fact]
    public async Task A_collector_that_is_away_changes_nothing()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" }
        );

        await Journeys.CompleteAsync(stack.Client);

        Assert.Equal(0, await stack.StopApiAsync());
    }

    [Fact]
    public async Task No_text_of_a_complaint_and_no_secret_is_ever_logged_measured_or_traced()
    {
        await using var collector = await FakeOtlpServer.StartAsync();
        await using var model = await FakeOpenAiServer.StartAsync();
        // A model that fails and repeats what it was sent, as real servers do.
        model.Respond = request => FakeAnswer.Fails(request.Path.Contains("audio", StringComparison.Ordinal) ? 500 : 400, request.Body);
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string>(collector.Settings)
            {
                ["AfirGen:ApiKey"] = ApiKey,
                ["AfirGen:ChatModel:Endpoint"] = model.ChatEndpoint.AbsoluteUri,
                ["AfirGen:ChatModel:Model"] = "stand-in",
                ["AfirGen:ChatModel:RetryDelay"] = "00:00:00.001",
                ["AfirGen:Media:TranscriptionEndpoint"] = model.BaseAddress.AbsoluteUri,
                ["AfirGen:Media:MaxRetries"] = "0",
                ["Logging:LogLevel:AfirGen"] = "Debug",
            }
        );

        var reached = await JourneyWithErrorsAsync(stack.Client, stack.Api);

        Assert.Equal([200, 400, 401, 404, 409, 413, 415, 422, 503], reached.Distinct().Order());
        var scrape = await Scrape.OfAsync(stack.Client);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        await Eventually.TrueAsync(() => collector.Has("traces", "/operations/drain"), "the last span arrives");
        await Eventually.TrueAsync(() => collector.Has("logs", "All data successfully persisted"), "the last log line arrives");
        Assert.Equal(0, await stack.StopApiAsync());

        Assert.DoesNotContain("canary", scrape.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Api.Log, line => line.Contains("canary", StringComparison.Ordinal));
        Assert.Empty(collector.Containing("canary"));
    }

    [Fact]
    public async Task The_canary_test_can_fail()
    {
        await using var collector = await FakeOtlpServer.StartAsync();
        // The path of a request stands in its span: what is there is found.
        await using var stack = await EmbeddedStack.StartAsync(collector.Settings);

        await stack.Client.GetAsync("/canary-path");

        await Eventually.TrueAsync(() => collector.Containing("canary-path").Any(), "the canary is found in a span");
    }

    /// <returns>Every status that was answered.</returns>
    private static async Task<IEnumerable<int>> JourneyWithErrorsAsync(ApiClient client, ApiProcess api)
    {
        var statuses = new ConcurrentQueue<int>();
        async Task<Reply> Note(Task<Reply> call)
        {
            var reply = await call;
            statuses.Enqueue(reply.Status);
            return reply;
        }

        const string text = "canary-complaint. My name is Canary Person-canary, mobile 9812345678. My bag was stolen at canary-place.";
        var processed = await Note(client.ProcessAsync(text, "key-1"));
        var session = processed["session_id"];
        await Note(client.ProcessAsync("canary-other-text", "key-1")); // 422: the key belongs to another request
        await Note(client.CorrectAsync(session, "canary-note\nName: canary-name\nComplainant name: canary-field"));
        await Note(client.RegenerateAsync(session, "transcript_review", "canary-query"));
        await Note(client.RegenerateAsync(session, "final_review", "canary-too-early"));
        await Note(client.RegenerateAsync(session, "canary-step"));
        for (var step = 0; step < 5; step++)
        {
            await Note(client.ApproveAsync(session, userInput: $"canary-approval {step}"));
        }

        await Note(client.ApproveAsync(session, userInput: "canary-late"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Note(client.CorrectAsync(session, $"canary-race {i}"))));
        await Note(client.AuthenticateAsync(processed["fir_number"], "canary-wrong-auth-key"));
        await Note(client.AuthenticateAsync(processed["fir_number"], EmbeddedStack.AuthKey + "canary"));
        await Note(client.AuthenticateAsync("FIR-canary", EmbeddedStack.AuthKey));
        await Note(client.AuthenticateAsync("FIR-00000000-20260101000000", EmbeddedStack.AuthKey));

        await Note(client.ProcessAsync(""));
        await Note(client.ProcessAsync("canary" + new string('x', 200_000)));
        await Note(client.SendAsync(HttpMethod.Post, "/validate", new StringContent("{\"canary-json\": canary", null, "application/json")));
        await Note(client.PostAsync("/validate", new System.Text.Json.Nodes.JsonObject { ["canary_member"] = "canary-value" }));
        await Note(client.PostAsync($"/session/{session}/resume"));
        byte[] damaged = [.. Fixture.Image("english.png").AsSpan(0, 60), .. "canary-image"u8];
        await Note(client.UploadAsync("image", "canary-file.png", "image/png", damaged));
        await Note(client.UploadAsync("image", "canary.txt", "text/plain", "canary-bytes"u8.ToArray()));
        await Note(client.UploadAsync("image", "canary.png", "image/png", "canary-no-image"u8.ToArray()));
        await Note(client.UploadAsync("audio", "canary.wav", "audio/wav", [.. "RIFF\u0010\0\0\0WAVEfmt "u8, .. "canary-sound"u8]));
        using var stranger = api.CreateClient("canary-wrong-api-key");
        await Note(stranger.ProcessAsync("canary-unauthorised"));
        return statuses;
    }
}
