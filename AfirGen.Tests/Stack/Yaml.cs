using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace AfirGen.Tests.Stack;

/// <summary>Reads YAML as Python's parser, which docker-compose uses too, understands it.</summary>
internal static class Yaml
{
    public static async Task<JsonNode> ParseAsync(string yaml)
    {
        var result = await Cli.Wrap("python3")
            .WithArguments(["-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"])
            .WithStandardInputPipe(PipeSource.FromString(yaml))
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(result.StandardOutput)!;
    }

    public static async Task<JsonNode> ReadAsync(string file) =>
        await ParseAsync(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
}
