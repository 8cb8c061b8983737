using AfirGen.Tests.Stack;
using Xunit.Sdk;

namespace AfirGen.Tests.Operations;

/// <summary>Whoever checks a document must be able to find it wrong.</summary>
public sealed class CommandSessionTests
{
    [Fact]
    public Task What_is_right_passes_and_the_boxes_share_one_shell() =>
        RunAsync("## One\n```bash\nX=3\n```\n\n## Two\n```bash\necho \"a$X\"\necho b >&2\n```\n```text\na…\nb\n```\n");

    [Theory]
    [InlineData("## S\n```bash\nfalse\necho on\n```\n", "exit code 1")]
    [InlineData("## S\n```bash\nfalse | cat\n```\n", "exit code 1")]
    [InlineData("## S\n```bash\necho \"$UNKNOWN_NAME\"\n```\n", "UNKNOWN_NAME")]
    [InlineData("## S\n```bash\necho a\n```\n```text\nb\n```\n", "\"b\" was promised")]
    [InlineData("## S\n```bash\necho a; echo b\n```\n```text\nb\na\n```\n", "\"a\" was promised")]
    [InlineData("## S\n```bash\necho ab\n```\n```text\na\n```\n", "\"a\" was promised")]
    [InlineData("## S\n```bash\necho a\n```\n```text\nb\n```\n```bash\nfalse\n```\n", "\"b\" was promised")]
    [InlineData("## S\n```bash\nexit 0\n```\n```bash\necho a\n```\n", "Collections differ")]
    [InlineData("## S\n```bash\nsleep 60\n```\n", "not done within")]
    public async Task What_fails_prints_something_else_or_is_never_done_is_found(string document, string finding)
    {
        var found = await Assert.ThrowsAnyAsync<XunitException>(() => RunAsync(document));
        Assert.Contains(finding, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("## S\n```sh\nls\n```\n")]
    [InlineData("## S\n```\nls\n```\n")]
    [InlineData("## S\n~~~bash2\nls\n~~~\n")]
    [InlineData("```bash\nls\n```\n")]
    [InlineData("## S\n```text\nnobody printed it\n```\n")]
    [InlineData("## S\n```bash\nls\n```\nwords\n```text\na\n```\n")]
    [InlineData("## S\n```bash\nls\n")]
    [InlineData("## S\n\n    ls\n")]
    public void A_box_that_nobody_would_run_is_refused(string document) =>
        Assert.Throws<FormatException>(() => CommandDocument.Read(document));

    private static async Task RunAsync(string document)
    {
        using var folder = new TemporaryFolder();
        var boxes = CommandDocument.Read(document);
        await new CommandSession(folder.Path, new Dictionary<string, string?>()).RunAsync(boxes, TimeSpan.FromSeconds(5));
    }
}
