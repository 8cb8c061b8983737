using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Deploy;

/// <summary>
/// Where <c>doctor.sh</c> looks, with stand-ins for <c>docker</c> and <c>dotnet</c> that only say how they were called. In real containers
/// deploy/verify.sh runs it.
/// </summary>
public sealed class DoctorScriptTests : IDisposable
{
    private const int SomethingIsWrong = 1;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void With_a_stand_in_for_a_running_container_it_looks_from_inside_and_hands_over_what_docker_says()
    {
        StandIn(
            "docker",
            """
            case "$*" in
              *State.Status*) echo running ;;
              "container inspect"*) echo '[{"Name": "said by docker"}]' ;;
              exec*) echo "docker $*"; cat; exit 1 ;;
            esac
            """
        );
        var (exitCode, output, error) = Run("--json");

        Assert.Equal(SomethingIsWrong, exitCode);
        Assert.Equal(
            [
                "docker exec --interactive afirgen-fir_pipeline dotnet AfirGen.Api.dll doctor --container - --json",
                "[{\"Name\": \"said by docker\"}]",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Empty(error);
    }

    /// <summary>Of one that is restarting or paused, Docker says that it runs.</summary>
    [Theory]
    [InlineData("exited")]
    [InlineData("restarting")]
    [InlineData("paused")]
    public void With_a_stand_in_for_a_container_that_lets_nobody_in_another_one_looks_at_its_volumes_from_its_networks_and_is_removed(
        string status
    )
    {
        StandIn(
            "docker",
            $$"""
            echo "$*" >>{{_folder.File("calls")}}
            case "$*" in
              *State.Status*) echo {{status}} ;;
              *State.Running*) echo {{(status == "exited" ? "false" : "true")}} ;;
              *Networks*) printf 'front\nregistry\n' ;;
              *Config.Env*) echo A=1 ;;
              *.Image*) echo sha256:image ;;
              "container inspect"*) echo '[]' ;;
              create*) echo fresh ;;
              start*) cat; exit 1 ;;
              exec*) exit 126 ;;
            esac
            """
        );
        Assert.Equal(SomethingIsWrong, Run().ExitCode);

        // Which questions were asked, and when, is all one: the last is asked beside the first command, whose stand-in does not wait for the answer.
        var calls = File.ReadAllLines(_folder.File("calls"))
            .Where(call => !call.StartsWith("container inspect", StringComparison.Ordinal))
            .ToArray();
        var create = Assert.Single(calls, call => call.StartsWith("create ", StringComparison.Ordinal));
        Assert.Contains(" --network front --volumes-from afirgen-fir_pipeline ", create, StringComparison.Ordinal);
        Assert.EndsWith(" sha256:image doctor --container -", create, StringComparison.Ordinal);
        Assert.Equal(["network connect registry fresh", "start --attach --interactive fresh", "rm --force fresh"], calls[^3..]);
    }

    [Fact]
    public void Without_a_container_it_looks_at_the_service_of_run_sh_with_a_stand_in_for_dotnet()
    {
        StandIn("docker", "exit 1");
        StandIn("dotnet", "echo \"dotnet $*\"; [ \"$1\" = build ] || exit 1");
        var (exitCode, output, _) = Run("--prometheus", "http://localhost:9090");

        Assert.Equal(SomethingIsWrong, exitCode);
        Assert.EndsWith(
            "dotnet artifacts/bin/AfirGen.Api/release/AfirGen.Api.dll doctor --prometheus http://localhost:9090\n",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void With_a_stand_in_for_docker_a_second_deployment_is_found_by_its_name()
    {
        StandIn("docker", "echo running; echo \"$*\" >>" + _folder.File("calls"));
        Assert.Equal(0, Run(["AFIRGEN_NAME=practice"], "--json").ExitCode);
        Assert.Equal(
            "exec --interactive practice-fir_pipeline dotnet AfirGen.Api.dll doctor --container - --json",
            File.ReadAllLines(_folder.File("calls"))[^1]
        );
    }

    private (int ExitCode, string Output, string Error) Run(params string[] arguments) => Run([], arguments);

    private (int ExitCode, string Output, string Error) Run(string[] environment, params string[] arguments)
    {
        var path = $"PATH={_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        return Command.Try(
            "env",
            [
                "-u",
                "AFIRGEN_NAME",
                path,
                "AfirGen__DataFolder=/nowhere",
                .. environment,
                Path.Combine(Repository.Root, "doctor.sh"),
                .. arguments,
            ]
        );
    }

    private void StandIn(string program, string script)
    {
        File.WriteAllText(_folder.File(program), "#!/bin/bash\n" + script + "\n");
        Command.Run("chmod", "700", _folder.File(program));
    }
}
