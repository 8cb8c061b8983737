using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Stack;
using CliWrap;
using CliWrap.Buffered;

namespace AfirGen.Tests.Deploy;

/// <summary>The reference deployment as docker-compose itself understands it: anchors merged, variables filled in.</summary>
public sealed partial class ComposeTests
{
    private const string Secret = "0123456789abcdef";
    private static readonly string[] Secrets =
    [
        "MYSQL_ROOT_PASSWORD",
        "AFIRGEN_MIGRATOR_PASSWORD",
        "AFIRGEN_APP_PASSWORD",
        "AFIRGEN_FLUSH_PASSWORD",
        "AFIRGEN_MONITOR_PASSWORD",
        "AFIRGEN_TRIAL_PASSWORD",
        "AFIRGEN_API_KEY",
        "AFIRGEN_FINALISATION_KEY",
    ];

    private static readonly string[] ObservabilitySecrets = ["AFIRGEN_METRICS_KEY", "AFIRGEN_GRAFANA_PASSWORD"];

    [Fact]
    public async Task Mysql_is_started_with_the_promised_flags_and_no_others()
    {
        var command = (await ServiceAsync("mysql"))["command"]!.AsArray().Select(argument => argument!.ToString());
        var wanted = MySqlFlags.Arguments.Append(MySqlFlags.TriggersWithoutSuper.Replace("=1", "=ON", StringComparison.Ordinal));
        Assert.Equal(wanted, command);
    }

    [Theory]
    [InlineData("mysql", "afirgen-mysql", "mysql-data", "/var/lib/mysql")]
    [InlineData("fir_pipeline", "afirgen-fir_pipeline", "fir-data", "/app/data")]
    public async Task Containers_have_their_names_and_volumes_time_to_stop_and_a_root_that_cannot_be_written(
        string name,
        string container,
        string volume,
        string mountedAt
    )
    {
        var service = await ServiceAsync(name);
        Assert.Equal(container, service["container_name"]!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(60), Duration(service["stop_grace_period"]!.ToString()));
        Assert.Equal("always", service["restart"]!.ToString());
        Assert.True((bool)service["read_only"]!);
        Assert.Equal("ALL", Assert.Single(service["cap_drop"]!.AsArray())!.ToString());
        Assert.Equal("no-new-privileges:true", Assert.Single(service["security_opt"]!.AsArray())!.ToString());
        Assert.Null(service["privileged"]);

        var data = service["volumes"]!
            .AsArray()
            .Select(one => one!.ToString())
            .Single(one => one.Contains($":{mountedAt}:", StringComparison.Ordinal));
        Assert.Equal($"{volume}:{mountedAt}:rw", data);
        Assert.Contains(volume, (await ConfigAsync())["volumes"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public async Task Backups_are_scheduled_on_a_volume_of_their_own_with_a_key_that_is_in_no_volume_and_no_environment()
    {
        var service = await ServiceAsync("fir_pipeline");
        var environment = service["environment"]!;
        Assert.Equal("/backups", environment["AfirGen__Backup__Folder"]!.ToString());
        Assert.Equal("06:00:00", environment["AfirGen__Backup__Interval"]!.ToString());
        Assert.Equal("/run/secrets/backup-key", environment["AfirGen__Backup__KeyFile"]!.ToString());
        Assert.Contains("User ID=afirgen_trial", environment["ConnectionStrings__firdb-trial"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("fir-backups:/backups:rw", service["volumes"]!.AsArray().Select(one => one!.ToString()));
        Assert.Equal("backup-key", Assert.Single(service["secrets"]!.AsArray())!["source"]!.ToString());
        var key = (await ConfigAsync())["secrets"]!["backup-key"]!["file"]!.ToString();
        Assert.EndsWith("/backup.key", key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_containers_have_a_health_check_and_mysql_is_not_published()
    {
        var mysql = await ServiceAsync("mysql");
        Assert.Contains("mysqladmin", mysql["healthcheck"]!["test"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(mysql["ports"]);
        Assert.True((bool)(await ConfigAsync())["networks"]!["registry"]!["internal"]!);
        // The API's is part of its image.
        var image = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"), TestContext.Current.CancellationToken);
        Assert.Contains("\nHEALTHCHECK ", image, StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1:", (await ServiceAsync("fir_pipeline"))["ports"]![0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_one_of_the_secrets_it_does_not_start()
    {
        foreach (var missing in Secrets)
        {
            var result = await ComposeAsync(Secrets.Where(secret => secret != missing));
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(missing, result.StandardError, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Prometheus_and_Grafana_come_beside_it_with_rules_dashboard_and_a_key_of_their_own()
    {
        var all = await ConfigAsync(observability: true);
        var services = all["services"]!;
        Assert.Equal(["fir_pipeline", "grafana", "mysql", "prometheus"], services.AsObject().Select(one => one.Key).Order());
        Assert.Equal(Secret, services["fir_pipeline"]!["environment"]!["AfirGen__Keys__prometheus__Key"]!.ToString());
        Assert.Equal(Secret, services["fir_pipeline"]!["environment"]!["AfirGen__ApiKey"]!.ToString()); // what it had before is still there
        foreach (var (name, port) in new[] { ("prometheus", "9090"), ("grafana", "3000") })
        {
            var service = services[name]!;
            Assert.True((bool)service["read_only"]!);
            Assert.Equal("ALL", Assert.Single(service["cap_drop"]!.AsArray())!.ToString());
            Assert.StartsWith("127.0.0.1:", Assert.Single(service["ports"]!.AsArray())!.ToString(), StringComparison.Ordinal);
            Assert.EndsWith(port, service["ports"]![0]!.ToString().Split('/')[0], StringComparison.Ordinal);
            Assert.Equal("front", Assert.Single(service["networks"]!.AsObject()).Key); // not the one that MySQL is on
        }

        var mounted = (string name) => services[name]!["volumes"]!.AsArray().Select(one => one!.ToString().Split(':')[..2]).ToList();
        Assert.Contains(
            mounted("prometheus"),
            one => one[0].EndsWith("deploy/prometheus", StringComparison.Ordinal) && one[1] == "/etc/prometheus"
        );
        Assert.Contains(mounted("grafana"), one => one[0].EndsWith("deploy/grafana/afirgen.json", StringComparison.Ordinal));
        foreach (var missing in ObservabilitySecrets)
        {
            var result = await ComposeAsync([.. Secrets, .. ObservabilitySecrets.Except([missing])], observability: true);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(missing, result.StandardError, StringComparison.Ordinal);
        }
    }

    /// <summary>With what docs/monitoring.md writes into .env, a plain docker-compose keeps the key of Prometheus, as the runbook types it.</summary>
    [Fact]
    public async Task Once_Prometheus_is_there_a_plain_command_means_both_files()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["docker-compose.yaml", "docker-compose.observability.yaml"])
        {
            File.Copy(Path.Combine(Repository.Root, file), folder.File(file));
        }

        var document = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "monitoring.md"),
            TestContext.Current.CancellationToken
        );
        var line = Assert.Single(EnvLine().Matches(document)).Groups[1].Value;
        await File.WriteAllTextAsync(folder.File(".env"), line + "\n", TestContext.Current.CancellationToken);

        var result = await ComposeAsync([.. Secrets, .. ObservabilitySecrets], folder.Path, "config");

        Assert.True(result.ExitCode == 0, result.StandardError);
        var services = (await Yaml.ParseAsync(result.StandardOutput))["services"]!;
        Assert.Equal(["fir_pipeline", "grafana", "mysql", "prometheus"], services.AsObject().Select(one => one.Key).Order());
        Assert.Equal(Secret, services["fir_pipeline"]!["environment"]!["AfirGen__Keys__prometheus__Key"]!.ToString());
    }

    [Fact]
    public async Task Every_secret_is_in_the_example_that_new_env_fills_in()
    {
        var example = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".env.example"), TestContext.Current.CancellationToken);
        Assert.All([.. Secrets, .. ObservabilitySecrets], secret => Assert.Contains($"{secret}=", example));
    }

    private static async Task<JsonNode> ServiceAsync(string name) => (await ConfigAsync())["services"]![name]!;

    private static async Task<JsonNode> ConfigAsync(bool observability = false)
    {
        var result = await ComposeAsync([.. Secrets, .. observability ? ObservabilitySecrets : []], observability);
        Assert.True(result.ExitCode == 0, result.StandardError);
        return await Yaml.ParseAsync(result.StandardOutput);
    }

    private static async Task<BufferedCommandResult> ComposeAsync(IEnumerable<string> secrets, bool observability = false)
    {
        string[] files = observability ? ["docker-compose.yaml", "docker-compose.observability.yaml"] : ["docker-compose.yaml"];
        using var nowhere = new TemporaryFolder(); // no .env of this machine
        return await ComposeAsync(
            secrets,
            nowhere.Path,
            [
                .. files.SelectMany(file => (string[])["--file", Path.Combine(Repository.Root, file)]),
                "--project-directory",
                nowhere.Path,
                "config",
            ]
        );
    }

    private static async Task<BufferedCommandResult> ComposeAsync(IEnumerable<string> secrets, string folder, params string[] arguments)
    {
        var environment = Secrets.Concat(ObservabilitySecrets).ToDictionary(name => name, name => secrets.Contains(name) ? Secret : null);
        return await Cli.Wrap("docker-compose")
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment!)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"^echo (COMPOSE_FILE=\S+) >>\.env$", RegexOptions.Multiline)]
    private static partial Regex EnvLine();

    /// <summary><c>60s</c>, or <c>1m0s</c> as docker-compose prints it.</summary>
    private static TimeSpan Duration(string text)
    {
        var parts = text.Split('m');
        var seconds = double.Parse(parts[^1].TrimEnd('s'), CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(seconds)
            + TimeSpan.FromMinutes(parts.Length > 1 ? int.Parse(parts[0], CultureInfo.InvariantCulture) : 0);
    }
}
