using System.Collections.Concurrent;
using AfirGen.Tests.Backup;
using AfirGen.Tests.Browser;
using AfirGen.Tests.Chat;
using AfirGen.Tests.Media;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Telemetry;

/// <summary>What must never leave the service but in an answer: who complains, of what, and with which key.</summary>
public sealed class CanaryTests
{
    private const string ApiKey = "canary-api-key-b1d7";

    [Fact]
    public async Task No_text_of_a_complaint_and_no_secret_is_ever_logged_measured_traced_or_audited()
    {
        using var desk = new BackupDesk();
        await using var collector = await FakeOtlpServer.StartAsync();
        await using var model = await FakeOpenAiServer.StartAsync();
        // A model that fails and repeats what it was sent, as real servers do.
        model.Respond = request => FakeAnswer.Fails(request.Path.Contains("audio", StringComparison.Ordinal) ? 500 : 400, request.Body);
        await using var stack = EmbeddedStack.Prepared(
            new Dictionary<string, string>(collector.Settings)
            {
                ["AfirGen:ApiKey"] = ApiKey,
                ["AfirGen:Keys:asha:Key"] = "canary-key-of-asha",
                ["AfirGen:Keys:asha:Roles"] = "officer",
                ["AfirGen:FailedKeyLimit"] = "3",
                ["AfirGen:ChatModel:Endpoint"] = model.ChatEndpoint.AbsoluteUri,
                ["AfirGen:ChatModel:Model"] = "stand-in",
                ["AfirGen:ChatModel:RetryDelay"] = "00:00:00.001",
                ["AfirGen:Media:TranscriptionEndpoint"] = model.BaseAddress.AbsoluteUri,
                ["AfirGen:Media:MaxRetries"] = "0",
                ["Logging:LogLevel:AfirGen"] = "Debug",
            }
        );
        desk.Equip(stack);
        await stack.StartApiAsync();

        var (reached, session, fir) = await JourneyWithErrorsAsync(stack.Client, stack.Api);
        await VisitAsync(stack, session, fir);
        await BackupDesk.TakeAsync(stack);
        var commands = new[]
        {
            await desk.RunAsync(stack, "verify"),
            await desk.RunAsync(stack, "audit", "--limit", "1000"),
            await desk.RunAsync(stack, "audit", "--json"),
        };
        var scrape = await Scrape.OfAsync(stack.Client);
        (await stack.Client.PostAsync("/operations/drain")).RequireOk();
        await Eventually.TrueAsync(() => collector.Has("traces", "/operations/drain"), "the last span arrives");
        await Eventually.TrueAsync(() => collector.Has("logs", "All data successfully persisted"), "the last log line arrives");
        Assert.Equal(0, await stack.StopApiAsync());

        Assert.Empty(((int[])[200, 400, 401, 404, 409, 413, 415, 422, 429, 503]).Except(reached));
        Assert.All(commands, command => command.RequireOk());
        var audit = stack.Stores.Audit();
        Assert.Superset(
            new HashSet<string>
            {
                "process",
                "correct",
                "approve",
                "register",
                "read",
                "print",
                "sign-in",
                "key-refused",
                "backup",
                "drain",
            },
            audit.Select(record => record.Action).ToHashSet()
        );
        foreach (var canary in Canary.Forms)
        {
            Assert.DoesNotContain(canary, scrape.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(stack.Api.Log, line => line.Contains(canary, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(commands, c => (c.Output + c.Error).Contains(canary, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(audit, record => record.ToString().Contains(canary, StringComparison.OrdinalIgnoreCase));
            Assert.Empty(collector.Containing(canary));
        }
    }

    [Fact]
    public async Task The_canary_test_can_fail()
    {
        await using var collector = await FakeOtlpServer.StartAsync();
        // The path of a request stands in its span: what is there is found.
        await using var stack = await EmbeddedStack.StartAsync(collector.Settings);

        await stack.Client.GetAsync("/canary-path");
        await stack.Client.GetAsync("/" + Uri.EscapeDataString(Canary.DevanagariName));

        await Eventually.TrueAsync(() => collector.Containing("canary-path").Any(), "the canary is found in a span");
        await Eventually.TrueAsync(
            () => Canary.Forms.Skip(1).SelectMany(collector.Containing).Any(),
            "the name in Devanagari is found in a span, however it is written there"
        );
    }

    /// <summary>In the pages: signed in, and with a name where a number is asked for.</summary>
    private static async Task VisitAsync(EmbeddedStack stack, string session, string fir)
    {
        using var visitor = new Visitor(stack.Api.Address);
        Assert.Equal(303, (await visitor.SignInAsync(ApiKey)).Status);
        var search = $"/firs?number={Uri.EscapeDataString(Canary.DevanagariName)}";
        foreach (var path in (string[])["/", $"/session/{session}", $"/view_fir/{fir}", $"/fir/{fir}/print", search])
        {
            (await visitor.GetAsync(path, "text/html")).RequireOk();
        }

        Assert.Contains(Canary.DevanagariName, (await visitor.GetAsync($"/view_fir/{fir}")).Text, StringComparison.Ordinal);
        Assert.Equal(401, (await visitor.SignInAsync("canary-wrong-key")).Status);
        Assert.Equal(401, (await visitor.SignInAsync("canary-wrong-key")).Status);
        Assert.Equal(429, (await visitor.SignInAsync("canary-wrong-key")).Status);
    }

    /// <summary>By the API: a complaint up to its registration, and everything that can go wrong on the way.</summary>
    private static async Task<(IEnumerable<int> Statuses, string SessionId, string FirNumber)> JourneyWithErrorsAsync(
        ApiClient client,
        ApiProcess api
    )
    {
        var statuses = new ConcurrentQueue<int>();
        async Task<Reply> Note(Task<Reply> call)
        {
            var reply = await call;
            statuses.Enqueue(reply.Status);
            return reply;
        }

        var processed = await Note(client.ProcessAsync(Canary.Complaint, "key-1"));
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
        await Note(client.AuthenticateAsync(processed["fir_number"], TestStack.AuthKey + "canary"));
        await Note(client.CorrectAsync(session, Canary.Fields));
        await Note(client.ApproveAsync(session));
        await Note(client.AuthenticateAsync(processed["fir_number"], TestStack.AuthKey));
        await Note(client.AuthenticateAsync("FIR-canary", TestStack.AuthKey));
        await Note(client.AuthenticateAsync("FIR-00000000-20260101000000", TestStack.AuthKey));
        await Note(client.AuthenticateAsync(processed["fir_number"], "canary-third-auth-key"));
        await Note(client.AuthenticateAsync(processed["fir_number"], "canary-auth-key-beyond-the-limit"));

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
        return (statuses, session, processed["fir_number"]);
    }
}
