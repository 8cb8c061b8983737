using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AfirGen.Tests.Stack;

/// <summary>A journal's file without a service, with the schema of whichever build the test is about.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("sessions.db");

    /// <param name="version">The last migration that runs.</param>
    public void MigrateTo(long version) =>
        Migrations.Run(Path, JournalStore.MigrationTag, JournalStack.NoCrashPoints, NullLoggerFactory.Instance, version);

    public void Migrate() => MigrateTo(long.MaxValue);

    public SqliteSession Open() => new(CheckedSqliteConnection.Open(Path, SqliteAccess.ReadWrite));

    public void Dispose() => _folder.Dispose();
}
