using AfirGen.Api.Doctor;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>What Docker says of a real container, which is created and never started. Docker missing is a failure.</summary>
public sealed class ContainerLineTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"afirgen-t-{Guid.NewGuid():N}"[..22];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Docker.RemoveAsync(_name);
        _folder.Dispose();
    }

    [Fact]
    public async Task One_like_the_reference_deployment_s_is_right()
    {
        await CreateAsync("--restart", "always", "--stop-timeout", "60", "--publish", "127.0.0.1:18999:8000");
        var diagnosis = await LookAsync();

        diagnosis.Require("container", Level.Right, "restart policy always");
        diagnosis.Require("container", Level.Right, "60 s to stop");
        diagnosis.Require("access", Level.Right, "own addresses only");
        Assert.DoesNotContain(diagnosis.Lines, line => line.Check is "container" or "access" && line.Level != Level.Right);
    }

    [Fact]
    public async Task One_that_stays_down_and_is_killed_in_a_drain_is_found_and_gets_its_policy()
    {
        await CreateAsync("--publish", "127.0.0.1:18999:8000");

        var diagnosis = await LookAsync();
        diagnosis.RequireWrong("container", "killed 10 s after it is told to stop, which may take 45 s", "stop_grace_period: 60s");
        diagnosis.RequireWrong("container", "it stays down after a crash", $"docker update --restart always {_name}").Mend();
        (await LookAsync()).Require("container", Level.Right, "restart policy always");
    }

    [Fact]
    public async Task One_that_is_published_to_everybody_is_found()
    {
        await CreateAsync("--restart", "always", "--stop-timeout", "60", "--publish", "18999:8000");

        (await LookAsync()).RequireWrong("access", "without TLS", "AFIRGEN_PUBLISH=127.0.0.1:8000");
        var anonymous = Settings(_name);
        anonymous.Remove("AfirGen:ApiKey");
        anonymous["AfirGen:AllowAnonymous"] = "true";
        (await DoctorBench.LookAsync(anonymous)).RequireWrong("access", "without a key", "AfirGen__ApiKey");
    }

    [Fact]
    public async Task From_inside_it_is_told_by_the_input_what_Docker_says()
    {
        await CreateAsync("--restart", "always", "--stop-timeout", "5", "--publish", "127.0.0.1:18999:8000");
        var inside = DoctorBench.InContainer;

        var unseen = await DoctorBench.LookAsync(Settings(null), inside);
        unseen.Require("container", Level.NotLookedAt, "no container is named", "./doctor.sh");
        unseen.Require("access", Level.NotLookedAt, "not to be seen from inside", "./doctor.sh");

        var seen = await DoctorBench.LookAsync(Settings("-"), inside, await Docker.RunAsync("container", "inspect", _name));
        seen.RequireWrong("container", $"{_name}: killed 5 s", "docker-compose up -d --force-recreate fir_pipeline");
        seen.Require("access", Level.Right, "own addresses only");
        seen.RequireWrong("service", "does not answer", "docker-compose up -d fir_pipeline");

        (await DoctorBench.LookAsync(Settings("-"), inside, "{}")).Require("container", Level.Unknown, "docker inspect");
    }

    [Fact]
    public async Task One_that_does_not_exist_is_unknown() => (await LookAsync()).Require("container", Level.Unknown, _name, "docker ps");

    private Task<string> CreateAsync(params string[] options) =>
        Docker.RunAsync(["create", "--name", _name, "--label", "afirgen.test=1", .. options, "mysql:9.7"]);

    private Task<Diagnosis> LookAsync() => DoctorBench.LookAsync(Settings(_name));

    private Dictionary<string, string> Settings(string? container) =>
        new()
        {
            ["AfirGen:DataFolder"] = _folder.File("data"),
            ["AfirGen:ApiKey"] = "a key of its own",
            ["AfirGen:Doctor:Container"] = container ?? "",
            ["AfirGen:Doctor:Url"] = $"http://127.0.0.1:{Docker.FreePort()}",
            ["urls"] = "http://+:8000",
        };
}
