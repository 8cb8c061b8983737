using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A MySQL whose data lies on a disk that a test can fill up.</summary>
public sealed class MySqlOnSmallDisk : MySqlServer
{
    private const int Mebibytes = 400; // an empty server takes half of it
    private readonly SmallDisk _disk = new(Mebibytes);

    protected override IReadOnlyList<string> RunOptions => ["--volume", $"{_disk.Path}:/var/lib/mysql"];

    internal Task<RegistryOutage> FillAsync(string reason) =>
        RegistryOutage.BeginAsync(
            reason,
            () =>
            {
                _disk.Fill();
                return Task.CompletedTask;
            },
            () =>
            {
                _disk.Free();
                return Task.CompletedTask;
            }
        );

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _disk.Dispose();
    }
}

/// <summary>A full disk under MySQL shows in two ways, and both leave the change in the journal until there is space.</summary>
public sealed class RegistryDiskFullTests(MySqlOnSmallDisk server) : IClassFixture<MySqlOnSmallDisk>
{
    private const int NewPages = 20_000; // characters that need pages which the table does not have yet

    [Fact]
    public Task G1_a_table_that_cannot_grow_is_an_error_and_all_is_delivered_when_there_is_space() =>
        RegistryOutageTests.WorkGoesOnAsync(
            server,
            () => server.FillAsync("MySQL's disk is full"),
            Complaints.Cheating + new string('x', NewPages)
        );

    /// <summary>The row fits, the binary log does not: mysqld holds the COMMIT until somebody frees space, and looks once a minute.</summary>
    [Fact]
    public Task G1_a_commit_that_hangs_on_the_binary_log_is_in_doubt_and_is_there_once_when_there_is_space() =>
        RegistryOutageTests.WorkGoesOnAsync(server, () => server.FillAsync("MySQL"), Complaints.Cheating);
}
