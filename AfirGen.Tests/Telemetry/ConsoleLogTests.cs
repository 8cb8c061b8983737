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
        using var folder = new TemporaryFolder();
        // Stands in the log, for keys are made in it; what follows the line feed must not pass for an entry of its own.
        await using var api = await ApiProcess.StartAsync(folder.File("data\n{\"LogLevel\":\"Critical\"}"));
        using var client = api.CreateClient();
        (await client.ProcessAsync(Complaints.Theft)).RequireOk();
        Assert.Equal(0, await api.StopAsync());

        Assert.Contains(api.Log, line => line.Contains("data\\n{", StringComparison.Ordinal));
        Assert.All(
            api.Log,
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
