using AfirGen.Tests.Scenarios;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.AppHost.Aspire;

[Collection(AspireTests.Name)]
public sealed class AspireRestartTests : RestartScenarios
{
    internal override Task<TestStack> PreparedAsync() => Task.FromResult<TestStack>(AspireStack.Prepared());
}
