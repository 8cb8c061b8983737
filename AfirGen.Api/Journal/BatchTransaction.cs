using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Journal;

/// <summary>
/// The transaction of a batch: begun, with what each unit wrote in it, and not committed yet. Hardly any unit fails, and a savepoint keeps a
/// copy of every page that its unit touches, which is a quarter of the writer's work. So a batch runs without them. When a unit fails,
/// nothing is kept: all of the batch runs again from the start, each unit in a savepoint of its own, so that the failing one rolls back
/// alone (G2). That makes running twice part of a unit's contract (<see cref="WriteUnit.Run"/>).
/// </summary>
internal sealed class BatchTransaction(SqliteSession session)
{
    private const string Begin = "BEGIN IMMEDIATE";
    private static readonly Dictionary<WriteUnit, Exception> None = [];

    /// <returns>The units that failed, and why; nothing of them is in the transaction.</returns>
    /// <exception cref="SqliteException">The disk's failure, which is the whole batch's.</exception>
    public IReadOnlyDictionary<WriteUnit, Exception> Run(List<WriteUnit> batch)
    {
        session.Execute(Begin);
        if (RunTogether(batch))
        {
            return None;
        }

        RollBack();
        session.Execute(Begin);
        var failures = new Dictionary<WriteUnit, Exception>();
        foreach (var unit in batch)
        {
            RunInSavepoint(unit, failures);
        }

        return failures;
    }

    public void RollBack()
    {
        // SQLite may have rolled back by itself; asking again is then an error that means nothing.
        if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
        {
            session.Execute("ROLLBACK");
        }
    }

    private bool RunTogether(List<WriteUnit> batch)
    {
        try
        {
            foreach (var unit in batch)
            {
                unit.Run(session);
            }

            return true;
        }
        catch (Exception e) when (IsTheUnits(e))
        {
            return false;
        }
    }

    private void RunInSavepoint(WriteUnit unit, Dictionary<WriteUnit, Exception> failures)
    {
        session.Execute("SAVEPOINT unit");
        try
        {
            unit.Run(session);
        }
        catch (Exception e) when (IsTheUnits(e))
        {
            session.Execute("ROLLBACK TO unit");
            failures.Add(unit, e);
        }

        session.Execute("RELEASE unit");
    }

    private static bool IsTheUnits(Exception e) =>
        e is not SqliteException sqlite || !(SqliteFailure.IsDiskFull(sqlite) || SqliteFailure.IsFatal(sqlite));
}
