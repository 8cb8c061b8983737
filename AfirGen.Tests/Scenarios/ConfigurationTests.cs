using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A service that cannot keep its promise with its configuration does not start, and says in one line what to set.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("urls", "http://0.0.0.0:0", "AfirGen:ApiKey", "http://0.0.0.0:0")]
    [InlineData("urls", "http://127.0.0.1:0;http://[::]:0", "AfirGen:ApiKey", "http://[::]:0")]
    [InlineData("AfirGen:ApiKey", "short", "AfirGen:ApiKey", "8 to 256")]
    [InlineData("AfirGen:DataFolder", "/dev/null/data", "AfirGen__DataFolder", "/dev/null/data")]
    [InlineData("AfirGen:Journal:MaxBatchSize", "0", "AfirGen:Journal:MaxBatchSize", "between 1 and 10000")]
    [InlineData("AfirGen:Journal:MaxBatchSize", "many", "AfirGen:Journal:MaxBatchSize", "many")]
    [InlineData("AfirGen:Sessions:IdleTimeout", "00:00:00.5", "AfirGen:Sessions:IdleTimeout", "00:00:01")]
    [InlineData("AfirGen:Station:Code", "P/S", "AfirGen:Station:Code", "AfirGen")]
    [InlineData("AfirGen:ChatModel:Endpoint", "localhost", "AfirGen:ChatModel:Endpoint", "absolute http")]
    [InlineData("ConnectionStrings:firdb", "Server=localhost;Prt=3306;Database=fir_db", "ConnectionStrings:firdb", "cannot be read")]
    [InlineData("ConnectionStrings:firdb", "Server=localhost;Port=many;Database=fir_db", "ConnectionStrings:firdb", "cannot be read")]
    [InlineData("ConnectionStrings:firdb", "mysql://localhost/fir_db", "ConnectionStrings:firdb", "cannot be read")]
    [InlineData("ConnectionStrings:firdb", "Server=localhost;User ID=root", "ConnectionStrings:firdb", "names no Database")]
    [InlineData("Drain:DrainTimeout", "00:00:44", "Drain:HostShutdownTimeout", "flush")]
    [InlineData("AfirGen:Testing:Mutation", "synchronous-off", "AfirGen:Testing:Mutation", "AfirGen:Testing:AllowDataLoss")]
    [InlineData("Drain:DrainTimeout", "soon", "Drain:DrainTimeout", "soon")]
    [InlineData("urls", "localhost:8011", "ASPNETCORE_URLS", "cannot listen on localhost:8011")]
    [InlineData("urls", "ftp://localhost:8011", "ASPNETCORE_URLS", "not http")]
    [InlineData("urls", "http://localhost:99999", "ASPNETCORE_URLS", "65535")]
    [InlineData("urls", "http://localhost:8011/base", "ASPNETCORE_URLS", "path")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")]
    [Trait("Defect", "D-24")]
    public async Task A_setting_that_cannot_work_stops_the_start_with_one_line_that_names_it(
        string setting,
        string value,
        string named,
        string also
    )
    {
        using var folder = new TemporaryFolder();
        await using var api = ApiProcess.Launch(folder.File("data"), new Dictionary<string, string> { [setting] = value });

        Assert.NotEqual(0, await api.WaitForExitAsync());
        AssertOneLine(api, named, also);
    }

    /// <summary>Only the server itself can find these; the framework logs its exception before our line.</summary>
    [Theory]
    [InlineData("https://localhost:8443", "certificate")]
    [InlineData("http://192.0.2.1:8011", "annot assign requested address")] // TEST-NET-1 of RFC 5737: no machine has it
    public async Task An_address_that_the_server_cannot_take_stops_the_start_with_a_line_that_names_the_setting(string address, string also)
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["urls"] = address, ["AfirGen:ApiKey"] = "long-enough" };
        await using var api = ApiProcess.Launch(folder.File("data"), settings);

        Assert.Equal(78, await api.WaitForExitAsync());
        var line = Assert.Single(api.Log, line => line.StartsWith("AfirGen cannot start:", StringComparison.Ordinal));
        Assert.Contains(also, line, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_URLS", line, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Log, other => other.Contains("Unhandled exception", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log, other => other.Contains("BackgroundService", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log, other => other.Contains("flush", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task G7_a_deliberate_defect_needs_its_permission_and_a_name_that_exists()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>
        {
            ["AfirGen:Testing:Mutation"] = "synchronous-of",
            ["AfirGen:Testing:AllowDataLoss"] = "true",
        };
        await using var api = ApiProcess.Launch(folder.File("data"), settings);

        Assert.NotEqual(0, await api.WaitForExitAsync());
        AssertOneLine(api, "AfirGen:Testing:Mutation", "synchronous-off");
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_folder_does_not_start_and_disturbs_nothing()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        await using var second = ApiProcess.Launch(stack.DataFolder, stack.Settings);

        Assert.NotEqual(0, await second.WaitForExitAsync());

        AssertOneLine(second, "AfirGen__DataFolder", "another AfirGen");
        (await stack.Client.ProcessAsync("Still here")).RequireOk();
        Assert.Equal(0, await stack.StopApiAsync());
    }

    [Fact]
    public async Task Every_other_address_needs_a_key_and_starts_with_one()
    {
        await using var stack = await EmbeddedStack.StartAsync(
            new Dictionary<string, string> { ["urls"] = "http://0.0.0.0:0", ["AfirGen:ApiKey"] = "long-enough" }
        );

        Assert.Contains(stack.Api.Log, line => line.Contains("Now listening on: http://0.0.0.0:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_configured_key_a_random_one_is_created_that_only_its_owner_can_read_and_that_stays()
    {
        await using var stack = await EmbeddedStack.StartAsync(new Dictionary<string, string> { ["AfirGen:FinalisationKey"] = "" });
        var file = Path.Combine(stack.DataFolder, "finalisation.key");
        var key = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await stack.RestartAsync(kill: true);
        var journey = await Journey.BeginAsync(stack.Client, Complaints.Assault);
        await journey.CompleteAsync();

        Assert.Equal(401, (await stack.Client.AuthenticateAsync(journey.FirNumber, EmbeddedStack.AuthKey)).Status);
        (await stack.Client.AuthenticateAsync(journey.FirNumber, key)).RequireOk();
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.DoesNotContain(stack.Api.Log, line => line.Contains(key, StringComparison.Ordinal));
    }

    private static void AssertOneLine(ApiProcess api, params string[] parts)
    {
        var line = Assert.Single(api.Log, line => line.StartsWith("AfirGen cannot start:", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log, other => other.Contains("   at ", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log, other => other.Contains("Unhandled exception", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Log, other => other.Contains("successfully persisted", StringComparison.Ordinal));
    }
}
