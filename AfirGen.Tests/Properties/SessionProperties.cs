using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Tests.Sessions;
using FsCheck;
using FsCheck.Fluent;

namespace AfirGen.Tests.Properties;

public sealed class SessionProperties
{
    /// <summary>Whatever is tried in whatever order: what is refused changes nothing, what is taken is legal, and the events give the state.</summary>
    [Fact]
    public void G4_any_sequence_of_events_keeps_a_session_legal_and_replays_to_its_state() =>
        ForAll.Of(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            choices =>
            {
                var alphabet = SessionStateTests.Alphabet();
                var change = SessionChange.New("s", "FIR-s", new(ComplaintSource.Text, SessionSamples.Nasty, null), SessionSamples.At);
                foreach (var choice in choices)
                {
                    var before = change.After;
                    if (
                        Record.Exception(() => change.Add(alphabet[choice.Get % alphabet.Length].Event, SessionSamples.At))
                        is InvalidOperationException
                    )
                    {
                        Assert.Same(before, change.After);
                        continue;
                    }

                    SessionStateTests.AssertLegal(before, change.After);
                }

                SessionStateTests.AssertReplays(change);
            }
        );
}
