using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;
using Microsoft.Data.Sqlite;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// The complaint is stored as it was given: byte for byte, through every way in, a clean restart and a kill, to the registered FIR.
/// </summary>
public sealed class TextRoundTripTests(TextRoundTripTests.HandedIn handedIn) : IClassFixture<TextRoundTripTests.HandedIn>
{
    public static TheoryData<string> Names => [.. Texts.All.Keys];

    private ApiClient Client => handedIn.Client;

    private Stores Stores => handedIn.Stack.Stores;

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Defect", "D-02")]
    [Trait("Defect", "D-07")]
    [Trait("Defect", "D-08")]
    [Trait("Defect", "D-09")]
    [Trait("Defect", "D-10")]
    public async Task A_text_comes_back_byte_for_byte_from_both_stores_after_a_restart_and_a_kill(string name)
    {
        var text = Texts.All[name];
        foreach (var channel in Texts.Channels)
        {
            var journey = handedIn.Journeys[(name, channel)];

            Texts.AssertSame(text, Original(await journey.StatusAsync()), $"{channel}, status");
            Texts.AssertSame(
                text,
                One(Stores.Journal, "SELECT state ->> 'original_text' FROM session_rows", journey),
                $"{channel}, journal"
            );
            Texts.AssertSame(
                text,
                One(Stores.Journal, "SELECT content ->> 'original_text' FROM session_events", journey, "AND seq = 1"),
                $"{channel}, event"
            );
            Texts.AssertSame(text, One(Stores.Registry, "SELECT complaint_text FROM fir_records", journey), $"{channel}, registry");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Defect", "D-05")]
    [Trait("Defect", "D-07")]
    [Trait("Defect", "D-08")]
    [Trait("Defect", "D-10")]
    public async Task A_text_stands_unchanged_in_its_registered_FIR_and_escaped_in_the_page(string name)
    {
        var text = Texts.All[name];
        // A session of its own: the others must stay at their first step for the test above.
        var journey = await Journey.BeginAsync(Client, text);
        await journey.CompleteAsync();
        (await journey.RegisterAsync()).RequireOk();

        var fir = (await Client.GetAsync($"/fir/{journey.FirNumber}/content")).RequireOk();
        var page = (await Client.GetAsync($"/view_fir/{journey.FirNumber}")).RequireOk();

        Texts.AssertSame(text, fir["complaint_text"], "complaint_text");
        Assert.Equal("finalized", fir["status"]);
        Assert.True(
            fir["content"].Contains($"\n{text}\n", StringComparison.Ordinal),
            $"The FIR does not hold the complaint verbatim: {fir["content"].Length} characters."
        );
        Texts.AssertSame(Texts.Readable(fir["content"]), Texts.Preformatted(page.Text), "page");
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Defect", "D-12")]
    public async Task What_the_officer_writes_is_stored_byte_for_byte_by_query_and_by_body(string name)
    {
        var text = Texts.All[name];
        if (text.Length > 10_000)
        {
            text = text[..10_000];
        }

        var journey = await Journey.BeginAsync(Client, "Test");
        var path = $"/regenerate/{journey.SessionId}";
        (await Client.CorrectAsync(journey.SessionId, text)).RequireOk();
        (await Client.PostAsync(path, new JsonObject { ["step"] = "transcript_review", ["user_input"] = text })).RequireOk();
        var sent = 2;
        // A request line has room for 8 KiB.
        if (Uri.EscapeDataString(text).Length < 8000)
        {
            (await Client.RegenerateAsync(journey.SessionId, "transcript_review", text)).RequireOk();
            sent++;
        }

        var notes = Stores.Journal(
            "SELECT content ->> 'text' FROM session_events WHERE session_id = $1 AND kind = 'note_given'",
            row => row.GetString(0),
            journey.SessionId
        );
        Assert.Equal(sent, notes.Count);
        Assert.All(notes, note => Texts.AssertSame(text, note, "note"));
    }

    private static string Original(Reply status) => status.Json["content"]!["original_text"]!.GetValue<string>();

    private static string One(
        Func<string, Func<System.Data.Common.DbDataReader, string>, object[], List<string>> query,
        string select,
        Journey journey,
        string also = ""
    ) => Assert.Single(query($"{select} WHERE session_id = $1 {also}", row => row.GetString(0), [journey.SessionId]));

    /// <summary>Every text through every channel, then a clean restart, then a kill.</summary>
    public sealed class HandedIn : SharedService
    {
        internal Dictionary<(string Name, string Channel), Journey> Journeys { get; } = [];

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var created = new Dictionary<(string Name, string Channel), Reply>();
            foreach (var (name, text) in Texts.All)
            {
                foreach (var channel in Texts.Channels)
                {
                    created.Add((name, channel), (await Texts.ProcessAsync(Client, channel, text)).RequireOk());
                }
            }

            await Stack.RestartAsync();
            await Stack.RestartAsync(kill: true);
            foreach (var (key, reply) in created)
            {
                Journeys.Add(key, new(Client, reply));
            }
        }
    }
}
