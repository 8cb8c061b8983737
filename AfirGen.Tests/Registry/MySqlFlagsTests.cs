using System.Text.RegularExpressions;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Deploy;

namespace AfirGen.Tests.Registry;

/// <summary>The flags are named once; whatever has to repeat them says the same.</summary>
public sealed partial class MySqlFlagsTests
{
    private static readonly string[] Promised =
    [
        "--innodb-flush-log-at-trx-commit=1",
        "--sync-binlog=1",
        "--innodb-doublewrite=ON",
        "--autocommit=0",
        "--gtid-mode=ON",
        "--enforce-gtid-consistency=ON",
        "--character-set-server=utf8mb4",
    ];

    [Fact]
    public void The_flags_are_the_ones_that_we_promise() => Assert.Equal(Promised, MySqlFlags.Arguments);

    /// <summary>Any compose file of the repository that runs mysqld; there may be none.</summary>
    [Fact]
    public void Compose_files_start_mysql_with_all_of_them()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Root, "*compose*.y*ml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            if (text.Contains("mysql:", StringComparison.Ordinal))
            {
                var given = Flag().Matches(text).Select(match => match.Value).ToHashSet();
                Assert.Empty(MySqlFlags.Arguments.Except(given));
            }
        }
    }

    [GeneratedRegex(@"--[a-z][a-z-]+=\w+")]
    private static partial Regex Flag();
}
