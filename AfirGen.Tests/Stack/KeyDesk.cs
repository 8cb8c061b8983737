using AfirGen.Api.Access;

namespace AfirGen.Tests.Stack;

/// <summary>A file of API keys, the commands that change it, and a service that uses it.</summary>
internal sealed class KeyDesk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string File => _folder.File("api-keys.json");

    /// <summary>
    /// Makes a service, and the commands beside it, use the file. Without a limit of wrong keys unless one is set: a test that asks with a new
    /// key until the service knows it gives one that is nobody's, a hundred times a second.
    /// </summary>
    public Dictionary<string, string> Equip(Dictionary<string, string>? settings = null)
    {
        var equipped = new Dictionary<string, string>(settings ?? []) { ["AfirGen:ApiKeyFile"] = File };
        equipped.TryAdd("AfirGen:FailedKeyLimit", "0");
        return equipped;
    }

    /// <summary>By the command.</summary>
    /// <returns>The key.</returns>
    public static async Task<string> CreateAsync(TestStack stack, string name, params string[] roles) =>
        (await ServiceCommand.RunAsync(stack, ["key", "create", "--name", name, .. roles.SelectMany(role => (string[])["--role", role])]))
            .RequireOk()
            .Output.Trim();

    /// <summary>Written as the command writes it, with any time.</summary>
    /// <returns>The key.</returns>
    public string Write(string name, Role roles, DateTimeOffset? expiresAt)
    {
        var text = KeyText.New();
        Add(StoredKey.New(text, name, roles, DateTimeOffset.UtcNow, expiresAt));
        return text;
    }

    /// <summary>As it is, also what no command would write.</summary>
    public void Add(StoredKey key) =>
        new KeyFile(File).Change(keys =>
        {
            keys.Add(key);
            return keys.Count;
        });

    /// <summary>Changes the first key in it, as a person with an editor does.</summary>
    public void Edit(Func<StoredKey, StoredKey> change) =>
        new KeyFile(File).Change(keys =>
        {
            keys[0] = change(keys[0]);
            return keys.Count;
        });

    public void Dispose() => _folder.Dispose();
}
