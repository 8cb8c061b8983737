using System.Text.Json;
using System.Text.Json.Nodes;
using AfirGen.Api.Drafting.Sessions;
using static AfirGen.Tests.Sessions.SessionSamples;

namespace AfirGen.Tests.Sessions;

/// <summary>Events are stored for years: each kind comes back as it was written.</summary>
public sealed class SessionJsonTests
{
    [Fact]
    public void Every_kind_of_event_comes_back_byte_for_byte()
    {
        foreach (var e in Events)
        {
            var json = JsonSerializer.Serialize(e, SessionJson.Stored.SessionEvent);
            var read = JsonSerializer.Deserialize(json, SessionJson.Stored.SessionEvent)!;

            Assert.Equal(e.GetType(), read.GetType());
            Assert.Equal(json, JsonSerializer.Serialize(read, SessionJson.Stored.SessionEvent));
        }
    }

    [Fact]
    public void There_is_a_sample_of_every_kind()
    {
        var kinds = typeof(SessionEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SessionEvent)) && !t.IsAbstract);

        Assert.Equal(kinds.Order(ByName), Events.Select(e => e.GetType()).Order(ByName));
    }

    [Fact]
    public void The_kinds_are_named_as_they_always_were()
    {
        var kinds = Events.Select(e =>
            JsonNode.Parse(JsonSerializer.Serialize(e, SessionJson.Stored.SessionEvent))!["kind"]!.GetValue<string>()
        );

        Assert.Equal(
            [
                "complaint_received",
                "transcript_drafted",
                "summary_drafted",
                "violations_drafted",
                "narrative_drafted",
                "fir_rendered",
                "step_approved",
                "note_given",
                "reading_failed",
                "completed",
                "reopened",
                "expired",
                "resumed",
                "registered",
            ],
            kinds
        );
    }

    [Fact]
    public void Text_in_any_script_is_readable_in_the_file()
    {
        var json = JsonSerializer.Serialize(new ReadingFailed("चोरी"), typeof(SessionEvent), SessionJson.Stored);

        Assert.Contains("चोरी", json, StringComparison.Ordinal);
    }

    private static Comparer<Type> ByName => Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));
}
