using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>Both stores are SQLite files.</summary>
internal sealed class EmbeddedMachine(IReadOnlyDictionary<string, string> extraSettings)
    : Machine(new PowerDisk(DiskMebibytes), extraSettings)
{
    private const int DiskMebibytes = 192;

    public override bool HasMySql => false;

    public override Task BeginAsync(Fault during, Random random)
    {
        FillDisk();
        return Task.CompletedTask;
    }

    public override Task EndAsync(Fault during)
    {
        FreeDisk();
        return Task.CompletedTask;
    }

    protected override Task<TestStack> NewStackAsync() => Task.FromResult<TestStack>(EmbeddedStack.Prepared());

    protected override Task KillRegistryAsync() => Task.CompletedTask;

    protected override Task StartRegistryAsync() => Task.CompletedTask;
}
