using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Registry;

public sealed class EmbeddedRegistryContractTests : RegistryContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedRegistry? _registry;

    private protected override async Task<IRegistry> OpenNewAsync()
    {
        _registry = RegistryBench.Embedded(_folder);
        await _registry.OpenAsync(Running.Test);
        return _registry;
    }

    public void Dispose()
    {
        _registry?.Dispose();
        _folder.Dispose();
    }
}

[Collection(MySqlTests.Name)]
public sealed class MySqlRegistryContractTests(MySqlServer server) : RegistryContract
{
    private protected override async Task<IRegistry> OpenNewAsync()
    {
        var registry = RegistryBench.MySql(server.RootConnectionString(await server.CreateDatabaseAsync()));
        await registry.OpenAsync(Running.Test);
        return registry;
    }
}
