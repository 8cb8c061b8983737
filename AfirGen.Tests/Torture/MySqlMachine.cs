using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>The registry is a real MySQL in a container whose data folder is on the disk under torture, behind a wire that can be cut.</summary>
internal sealed class MySqlMachine : Machine
{
    private const int DiskMebibytes = 512;
    private readonly Server _server;
    private readonly CuttingProxy _wire;
    private ContainerStack? _current;

    private MySqlMachine(PowerDisk disk, Server server, IReadOnlyDictionary<string, string> extraSettings)
        : base(disk, extraSettings)
    {
        _server = server;
        _wire = new(server.Port);
    }

    public override bool HasMySql => true;

    /// <param name="flags">Arguments of mysqld that contradict the promised ones, for a run that must fail.</param>
    public static async Task<MySqlMachine> StartAsync(IReadOnlyDictionary<string, string> extraSettings, params string[] flags)
    {
        var disk = new PowerDisk(DiskMebibytes);
        var server = new Server(disk, flags);
        try
        {
            await server.InitializeAsync();
            return new(disk, server, extraSettings);
        }
        catch
        {
            await server.DisposeAsync();
            disk.Dispose();
            throw;
        }
    }

    public override Task BeginAsync(Fault during, Random random)
    {
        switch (during)
        {
            case Fault.MysqlKill:
                return _server.KillAsync();
            case Fault.MysqlStop:
                return _server.StopAsync();
            case Fault.MysqlPause:
                return _server.FreezeAsync();
            case Fault.DiskFull:
                FillDisk();
                return Task.CompletedTask;
            default:
                _wire.How = (Cut)random.Next(3);
                _wire.Times = _wire.Cuts + random.Next(1, 4);
                _wire.CutAt = packet => packet.EndsWith("commit", StringComparison.OrdinalIgnoreCase);
                return Task.CompletedTask;
        }
    }

    public override async Task EndAsync(Fault during)
    {
        switch (during)
        {
            case Fault.MysqlKill or Fault.MysqlStop:
                await _server.StartAsync();
                break;
            case Fault.MysqlPause:
                await _server.ThawAsync();
                break;
            case Fault.DiskFull:
                FreeDisk();
                await _server.KillIfRunningAsync(); // it looks for space once a minute: an operator restarts it
                await _server.StartAsync();
                break;
            default:
                _wire.CutAt = null;
                break;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _wire.Dispose();
        await _server.DisposeAsync(); // before the disk that it is on
        await base.DisposeAsync();
    }

    protected override async Task<TestStack> NewStackAsync()
    {
        if (_current is not null)
        {
            await _current.DropAsync(); // some tens of them would fill the disk
        }

        _current = await ContainerStack.PreparedAsync(_server);
        _current.Settings["ConnectionStrings:firdb"] = _current.ConnectionString(_wire.Port);
        return _current;
    }

    protected override Task KillRegistryAsync() => _server.KillIfRunningAsync();

    protected override Task StartRegistryAsync() => _server.StartAsync();

    /// <summary>Small, so that it is up again within a second or two.</summary>
    private sealed class Server(PowerDisk disk, string[] flags) : MySqlServer
    {
        protected override IReadOnlyList<string> RunOptions =>
            ["--volume", $"{Path.Combine(disk.Root, "mysql")}:/var/lib/mysql", "--label", $"afirgen.disk={disk.Name}"];

        protected override IReadOnlyList<string> Arguments =>
            [
                .. MySqlFlags.Arguments,
                MySqlFlags.TriggersWithoutSuper,
                "--innodb-buffer-pool-size=16M",
                "--innodb-redo-log-capacity=8388608",
                "--max-binlog-size=4194304",
                "--binlog-expire-logs-seconds=60",
                "--performance-schema=OFF",
                "--mysqlx=OFF",
                "--innodb-buffer-pool-dump-at-shutdown=OFF",
                "--innodb-buffer-pool-load-at-startup=OFF",
                .. flags,
            ];
    }
}
