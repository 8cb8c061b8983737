using AfirGen.Tests.History;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>kill -9 of mysqld in the middle of a working day, alone and together with the service.</summary>
public sealed class RegistryKillTests(MySqlServer server) : IClassFixture<MySqlServer>
{
    private const int Rounds = 10;
    private const int Clients = 16;
    private const int FewestRequestsARound = 40;
    private const int MostRequestsARound = 100;

    [Fact]
    public async Task G1_every_acknowledged_change_survives_kill_nine_of_mysqld()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        await using var day = WorkingDay.Begin(stack, Clients);
        for (var round = 1; round <= Rounds; round++)
        {
            await day.SendsAsync(day.Random.Next(FewestRequestsARound, MostRequestsARound));
            await stack.KillRegistryAsync(); // nobody stops sending
            await stack.StartRegistryAsync();
            day.Down();
            await stack.RecoverAsync();
            await day.RequireNothingLostAsync($"after kill {round}");
            day.Up();
        }

        await day.EndAsync();
        Assert.Empty(stack.RegistryDamage());
    }

    [Fact]
    public async Task G1_every_acknowledged_change_survives_kill_nine_of_mysqld_and_of_the_service_at_once()
    {
        await using var stack = await ContainerStack.StartAsync(server);
        await using var day = WorkingDay.Begin(stack, Clients);
        for (var round = 1; round <= Rounds; round++)
        {
            await day.SendsAsync(day.Random.Next(FewestRequestsARound, MostRequestsARound));
            day.Down();
            await Task.WhenAll(stack.KillRegistryAsync(), stack.KillApiAsync());
            await day.QuietAsync();
            await Task.WhenAll(stack.StartRegistryAsync(), stack.StartApiAsync());
            await day.RequireNothingLostAsync($"after kill {round}");
            day.Up();
        }

        await day.EndAsync();
        Assert.Empty(stack.RegistryDamage());
    }
}
