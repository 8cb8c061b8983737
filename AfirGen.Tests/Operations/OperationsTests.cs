using AfirGen.Tests.Deploy;

namespace AfirGen.Tests.Operations;

/// <summary>
/// docs/operations.md, typed into a real deployment as it stands there: docker-compose, both containers, real stops and kills. Its two
/// halves run beside each other, each from the first start on.
/// </summary>
internal static class OperationsDocument
{
    public const string FirstSection = "Deploy";
    public const string DrillPrefix = "Drill: ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15); // a machine that others use too; alone it takes less than two

    internal static IReadOnlyList<CommandBox> Read() =>
        CommandDocument.Read(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")));

    /// <summary>The boxes that a class types, in the order of the document.</summary>
    internal static IReadOnlyList<CommandBox> Half(bool drills) =>
        [.. Read().Where(box => box.Section == FirstSection || box.Section.StartsWith(DrillPrefix, StringComparison.Ordinal) == drills)];

    internal static Task TypeAsync(PracticeDeployment deployment, IReadOnlyList<CommandBox> boxes) =>
        new CommandSession(deployment.Folder, deployment.Variables).RunAsync(boxes, Patience);
}

public sealed class OperationsTests(PracticeDeployment deployment) : IClassFixture<PracticeDeployment>
{
    [Fact]
    public Task Deploying_restarting_draining_upgrading_and_rotating_keys_work_as_they_are_written() =>
        OperationsDocument.TypeAsync(deployment, OperationsDocument.Half(drills: false));
}

public sealed class DrillTests(PracticeDeployment deployment) : IClassFixture<PracticeDeployment>
{
    [Fact]
    public Task G1_G6_the_drills_from_a_killed_MySQL_to_a_lost_machine_work_as_they_are_written() =>
        OperationsDocument.TypeAsync(deployment, OperationsDocument.Half(drills: true));
}

public sealed class OperationsCoverageTests
{
    [Fact]
    public void Every_box_of_the_document_is_typed_by_a_test()
    {
        var all = OperationsDocument.Read();
        var typed = OperationsDocument.Half(drills: false).Union(OperationsDocument.Half(drills: true));
        Assert.Equal(all.Select(box => box.Line), typed.Select(box => box.Line).Distinct().Order());
        // Both halves have what they are for.
        string[] sections = ["Deploy", "Read the dashboards", "Restart", "Drain", "Upgrade", "Rotate keys"];
        Assert.Equal(sections, OperationsDocument.Half(drills: false).Select(box => box.Section).Distinct());
        Assert.Equal(5, OperationsDocument.Half(drills: true).Select(box => box.Section).Distinct().Count());
    }
}
