using AfirGen.Tests.Backup;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>A real embedded service with a backup: all is well until a test breaks something, and it mends what it has broken.</summary>
public sealed class HealthyDeployment : IAsyncLifetime
{
    private EmbeddedStack? _stack;

    internal EmbeddedStack Stack => _stack!;

    internal BackupDesk Desk { get; } = new();

    /// <summary>Folder of the backup that was taken.</summary>
    internal string Backup { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _stack = EmbeddedStack.Prepared();
        DoctorBench.Equip(_stack, Desk);
        await _stack.StartApiAsync();
        (await _stack.Client.ProcessAsync(Complaints.Theft)).RequireOk();
        Backup = await DoctorBench.BackUpAsync(_stack);
    }

    public async ValueTask DisposeAsync()
    {
        await Stack.DisposeAsync();
        Desk.Dispose();
    }
}
