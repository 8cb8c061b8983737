using AfirGen.Tests.Doctor;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A data folder whose sessions belong to one registry is not started with another one, where its FIRs would be missing.</summary>
public sealed class RegistryBindingTests
{
    private const string Firdb = "ConnectionStrings:firdb";
    private const string NoServer = "Server=127.0.0.1;Port=1;Database=fir_db;User ID=afirgen;Password=none"; // refused before anybody is called

    [Fact]
    public async Task G1_a_journal_with_an_embedded_registry_does_not_start_with_MySQL()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var number = (await stack.Client.ProcessAsync("Before")).RequireOk()["fir_number"];
        Assert.Equal(0, await stack.StopApiAsync());
        stack.Settings[Firdb] = NoServer;
        (await DoctorBench.LookAsync(DoctorBench.SettingsOf(stack))).RequireWrong(
            "schema",
            "belong to FIRs in the embedded registry",
            "Start without ConnectionStrings__firdb"
        );

        await RequireRefusedAsync(stack, "embedded registry", "Start without ConnectionStrings__firdb", "AfirGen__DataFolder");

        stack.Settings.Remove(Firdb);
        await stack.StartApiAsync();
        Assert.Contains(stack.Api.Log, line => line.Contains("the last run did NOT stop cleanly", StringComparison.Ordinal));
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);
        (await stack.Client.GetAsync($"/fir/{number}")).RequireOk();
        Assert.Equal(0, await stack.StopApiAsync());
    }

    [Fact]
    public async Task G1_a_journal_with_MySQL_does_not_start_with_an_embedded_registry_and_none_is_made()
    {
        await using var stack = EmbeddedStack.Prepared(new Dictionary<string, string> { [Firdb] = NoServer });
        await stack.StartApiAsync();
        (await stack.Client.ProcessAsync("Before")).RequireOk();
        await stack.KillApiAsync();
        stack.Settings.Remove(Firdb);

        await RequireRefusedAsync(stack, "FIRs in MySQL", "Set ConnectionStrings__firdb", "AfirGen__DataFolder");

        Assert.False(File.Exists(stack.Stores.RegistryFile));
    }

    [Fact]
    public async Task A_journal_of_an_earlier_version_belongs_to_what_it_is_started_with_from_then_on()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync("Before")).RequireOk();
        Assert.Equal(0, await stack.StopApiAsync());
        Stores.Tamper(stack.Stores.JournalFile, "DROP TABLE registry_binding; DELETE FROM VersionInfo WHERE Version = 202611260030");
        await stack.StartApiAsync();
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);
        Assert.Equal(0, await stack.StopApiAsync());

        stack.Settings[Firdb] = NoServer;
        await RequireRefusedAsync(stack, "embedded registry");
    }

    [Fact]
    public async Task A_journal_without_sessions_goes_with_any()
    {
        await using var stack = EmbeddedStack.Prepared(new Dictionary<string, string> { [Firdb] = NoServer });
        await stack.StartApiAsync();
        await stack.KillApiAsync();
        stack.Settings.Remove(Firdb);
        await stack.RestartAsync(kill: true);

        (await stack.Client.ProcessAsync("First")).RequireOk();

        await stack.RestartAsync();
        Assert.Equal("healthy", (await stack.Client.GetAsync("/health"))["status"]);
    }

    private static async Task RequireRefusedAsync(EmbeddedStack stack, params string[] parts)
    {
        var api = stack.LaunchApi();

        Assert.Equal(1, await api.WaitForExitAsync());
        var line = Assert.Single(api.Log, line => line.StartsWith("AfirGen cannot start:", StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
