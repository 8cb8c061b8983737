using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Deploy;

/// <summary>No link leads nowhere, in the repository and in the bundle. Links to other hosts are not followed: there may be no network.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Built = ["artifacts", "bin", "obj", ".git", "TestResults", "data"];

    [Fact]
    public void Every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there() => RequireSound(Repository.Root, atLeast: 15);

    [Fact]
    public void Every_link_of_a_document_in_the_bundle_leads_to_something_in_the_bundle()
    {
        using var bundle = new TemporaryFolder();
        Command.Run(Path.Combine(Repository.Root, "deploy", "bundle.sh"), "--files", bundle.Path);
        RequireSound(bundle.Path, atLeast: 15);
        foreach (var file in (string[])["docs/backup.md", "docs/operations.md", "deploy/binlog.sh", "deploy/new-env.sh", ".env.example"])
        {
            Assert.True(File.Exists(bundle.File(file)), file);
        }
    }

    [Fact]
    public void Every_document_and_script_that_a_file_of_the_deployment_names_is_there()
    {
        var files = Directory
            .GetFiles(Repository.Root)
            .Concat(Everything("deploy"))
            .Concat(Everything("eng"))
            .Concat(Everything("docs"))
            .Concat(Everything(".ci"))
            .Where(file => Path.GetExtension(file) is "" or ".md" or ".sh" or ".yaml" or ".yml" or ".env");
        var named = files
            .SelectMany(file => Named().Matches(File.ReadAllText(file)).Select(match => (file, name: match.Value)))
            .Distinct()
            .ToList();
        Assert.True(named.Count > 50);
        Assert.All(named, one => Assert.True(File.Exists(Path.Combine(Repository.Root, one.name)), $"{one.file} names {one.name}"));

        static IEnumerable<string> Everything(string folder) =>
            Directory.GetFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories);
    }

    [Fact]
    public void A_dead_link_and_a_dead_heading_are_found()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("a.md"),
            "# A\n[b](b.md) [b](b.md#the-b) [c](c.md) [b](b.md#d) [a](#a) [a](#b) [x](https://x.example)\n"
        );
        File.WriteAllText(folder.File("b.md"), "## The `b`\n```\n# d\n[c](c.md)\n```\n");
        Assert.Equal(["a.md: c.md", "a.md: b.md#d", "a.md: #b"], Dead(folder.Path));
    }

    private static void RequireSound(string root, int atLeast)
    {
        Assert.Empty(Dead(root));
        Assert.True(Documents(root).Count() >= atLeast, "fewer documents than there must be");
    }

    private static List<string> Dead(string root) =>
        [
            .. Documents(root)
                .SelectMany(document =>
                    Link()
                        .Matches(Prose(document))
                        .Select(link => link.Groups[1].Value)
                        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(document, target))
                        .Select(target => $"{Path.GetRelativePath(root, document)}: {target}")
                ),
        ];

    private static bool Leads(string document, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        return (File.Exists(file) || Directory.Exists(file))
            && (parts.Length == 1 || Heading().Matches(Prose(file)).Select(heading => Anchor(heading.Groups[1].Value)).Contains(parts[1]));
    }

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    /// <summary>Without what stands in boxes and in code: neither has links nor headings.</summary>
    private static string Prose(string document) => Fenced().Replace(File.ReadAllText(document), "");

    private static IEnumerable<string> Documents(string root) =>
        Directory
            .EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split('/').Any(folder => Built.Contains(folder)))
            .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"(?<![\w/.-])(docs|deploy|eng)/[\w/.-]+\.(md|sh|ya?ml|env)\b")]
    private static partial Regex Named();
}
