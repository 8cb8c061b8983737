using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Tests.Registry;

/// <summary>The embedded registry on a real file.</summary>
internal sealed class RegistryStack : IDisposable
{
    public const string Station = "KTW";
    private readonly TemporaryFolder _folder = new();

    private RegistryStack()
    {
        Folder = new(_folder.Path);
        Registry = new(Folder, JournalStack.NoCrashPoints, Fatal, NullLoggerFactory.Instance);
    }

    public DataFolder Folder { get; }
    public RecordingFatalStop Fatal { get; } = new();
    public EmbeddedRegistry Registry { get; }
    public Stores Stores => new(_folder.Path);

    public static async Task<RegistryStack> OpenAsync()
    {
        var stack = new RegistryStack();
        await stack.Registry.OpenAsync(CancellationToken.None);
        return stack;
    }

    public Task<IReadOnlyList<DeliveryOutcome>> DeliverAsync(params RegistryChange[] changes) =>
        Registry.DeliverAsync(changes, CancellationToken.None);

    public async Task<FirRecord> FindAsync(string id) =>
        await Registry.FindAsync(Number(id), CancellationToken.None) ?? throw new InvalidOperationException($"{id} is not recorded.");

    /// <summary>Draft, pending and registered, in one delivery.</summary>
    public async Task<DeliveryOutcome> RegisterAsync(string id, string station = Station, int year = 2026) =>
        (await DeliverAsync(Draft(id), Pending(id), Registration(id, station: station, year: year)))[2];

    public static string Number(string id) => $"FIR-{id}";

    public static RecordDraft Draft(string id, string text = "complaint", string at = Rows.At) => new(id, Number(id), text, at);

    public static RecordPending Pending(string id, string content = "FIR") => new(id, Number(id), "complaint", content, "[]");

    public static Register Registration(string id, string? operation = null, string station = Station, int year = 2026) =>
        new(id, Number(id), operation ?? $"operation-{id}", station, year, Rows.At);

    public void Dispose()
    {
        Registry.Dispose();
        _folder.Dispose();
    }
}
