using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using AfirGen.Tests.Torture;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace AfirGen.Tests.Stack;

/// <summary>What takes minutes begins first, so that no core idles at the end because one of them came last.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Minutes = [typeof(TortureTests).FullName!, typeof(MySqlTortureTests).FullName!, MySqlTests.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Rank(collection))];

    private static int Rank(ITestCollection collection)
    {
        var name = collection.TestCollectionDisplayName;
        var at = Array.FindIndex(Minutes, slow => name == slow || name.Contains($"for {slow} ", StringComparison.Ordinal));
        return at < 0 ? Minutes.Length : at;
    }
}
