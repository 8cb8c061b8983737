using System.Text.RegularExpressions;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Deploy;

/// <summary><c>deploy/new-env.sh</c> in a folder of its own. Giving a file to another uid needs root, as the tests have it.</summary>
public sealed class NewEnvTests : IDisposable
{
    private const string ServiceUid = "1654";
    private readonly TemporaryFolder _folder = new();

    public NewEnvTests()
    {
        Directory.CreateDirectory(_folder.File("deploy"));
        foreach (var file in (string[])[".env.example", "deploy/new-env.sh"])
        {
            File.Copy(Path.Combine(Repository.Root, file), _folder.File(file));
        }
    }

    private string Script => _folder.File("deploy/new-env.sh");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Secrets_are_random_and_each_file_is_for_the_one_who_needs_it()
    {
        Command.Run(Script);

        Assert.Equal("600 0", Mode(".env"));
        Assert.Equal($"400 {ServiceUid}", Mode("backup.key"));
        Assert.Matches("^[0-9a-f]{64}$", File.ReadAllText(_folder.File("backup.key")));
        var secrets = File.ReadAllLines(_folder.File(".env"))
            .Select(line => Regex.Match(line, "^[A-Z_]*_(PASSWORD|KEY)=(.*)$"))
            .Where(match => match.Success)
            .Select(match => match.Groups[2].Value)
            .ToList();
        Assert.All(secrets, secret => Assert.Matches("^[0-9a-f]{32}$", secret));
        Assert.Distinct(secrets);
        Assert.True(secrets.Count >= 9);
    }

    [Fact]
    public void What_is_there_is_never_replaced_and_what_is_missing_is_added()
    {
        Command.Run(Script);
        var key = File.ReadAllText(_folder.File("backup.key"));
        var complete = File.ReadAllText(_folder.File(".env"));
        Assert.NotEqual(0, Command.Try(Script).ExitCode);
        Assert.Contains("Nothing is missing", Command.Run(Script, "--missing"), StringComparison.Ordinal);
        Assert.Equal(complete, File.ReadAllText(_folder.File(".env")));

        var older = Regex.Replace(complete, "^AFIRGEN_(TRIAL_PASSWORD|BACKUPS)=.*\n", "", RegexOptions.Multiline);
        File.WriteAllText(_folder.File(".env"), older);
        var said = Command.Run(Script, "--missing");

        Assert.Contains("Added AFIRGEN_TRIAL_PASSWORD", said, StringComparison.Ordinal);
        var added = File.ReadAllText(_folder.File(".env"));
        Assert.StartsWith(older, added, StringComparison.Ordinal);
        Assert.Matches("\nAFIRGEN_TRIAL_PASSWORD=[0-9a-f]{32}\n", added);
        Assert.Contains("\nAFIRGEN_BACKUPS=fir-backups\n", added, StringComparison.Ordinal);
        Assert.Equal(key, File.ReadAllText(_folder.File("backup.key")));
    }

    private string Mode(string file) => Command.Run("stat", "-c", "%a %u", _folder.File(file)).Trim();
}
