namespace AfirGen.Tests.Stack;

/// <summary>The embedded service with a data folder of its own: both stores are SQLite files.</summary>
internal sealed class EmbeddedStack : TestStack
{
    private EmbeddedStack(IReadOnlyDictionary<string, string>? settings)
        : base(settings) { }

    public override Stores StoresIn(string dataFolder) => new(dataFolder);

    public override IReadOnlyList<string> RegistrySettings => ["journal_mode", "synchronous"];

    public static Task<EmbeddedStack> StartAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        StartedAsync(new EmbeddedStack(settings));

    /// <summary>A stack on a data folder that a test has prepared; nothing is started yet.</summary>
    public static EmbeddedStack Prepared(IReadOnlyDictionary<string, string>? settings = null) => new(settings);

    public override IReadOnlyList<string> RegistryDamage() =>
        [.. Stores.Registry("PRAGMA quick_check", row => row.GetString(0)).Where(line => line != "ok")];
}
