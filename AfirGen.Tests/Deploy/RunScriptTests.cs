using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Deploy;

/// <summary>What <c>run.sh</c> tells whoever waits for it. Its <c>dotnet</c> here is a stand-in that only says how it was called.</summary>
public sealed class RunScriptTests
{
    [Fact]
    public void Run_sh_says_in_one_line_that_it_builds_before_it_calls_a_stand_in_for_dotnet()
    {
        using var folder = new TemporaryFolder();
        var dotnet = Path.Combine(folder.Path, "dotnet");
        File.WriteAllText(dotnet, "#!/bin/sh\necho \"dotnet $*\"\n");
        Command.Run("chmod", "700", dotnet);

        var path = $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        var said = Command.Run("env", path, Path.Combine(Repository.Root, "run.sh"), "embedded");

        Assert.Collection(
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("Embedded service on http://localhost:8000", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Building ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("dotnet build ", line, StringComparison.Ordinal),
            line => Assert.EndsWith("AfirGen.Api.dll", line, StringComparison.Ordinal)
        );
    }
}
