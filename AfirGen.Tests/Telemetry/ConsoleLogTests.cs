using System.Globalization;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Telemetry;

/// <summary>What the console shows where no person reads it.</summary>
public sealed class ConsoleLogTests
{
    [Fact]
    public async Task Every_line_is_one_JSON_object_with_its_time_in_UTC()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["Logging:LogLevel:Default"] = "Information" }
        );
        // A line feed in what a client sends begins no line of its own.
        await stack.Client.GetAsync("/fir/%0A%7B%22LogLevel%22%3A%22Critical%22%7D");
        await Journeys.RegisterAsync(stack.Client);
        Assert.Equal(0, await stack.StopApiAsync());

        Assert.Contains(stack.ApiLog, line => line.Contains("LogLevel", StringComparison.Ordinal) && line.Contains("/fir/", StringComparison.Ordinal));
        Assert.All(
            stack.ApiLog,
            line =>
            {
                var entry = JsonNode.Parse(line)!;
                var at = DateTimeOffset.Parse($"{entry["Timestamp"]}", CultureInfo.InvariantCulture);
                Assert.Equal(TimeSpan.Zero, at.Offset);
                Assert.NotEqual("Critical", $"{entry["LogLevel"]}");
            }
        );
    }
}
