using AfirGen.Api.Durability;
using FluentMigrator;

namespace AfirGen.Api.Sqlite;

/// <summary>A forward-only migration written in the store's own SQL, several statements at a time.</summary>
public abstract class SqlMigration(CrashPoints crashPoints) : ForwardOnlyMigration
{
    /// <summary>Goes through the connection: FluentMigrator's own parser would split triggers at their semicolons.</summary>
    protected void Sql(string statements) =>
        Execute.WithConnection(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
#pragma warning disable CA2100 // migrations pass constants
                command.CommandText = statements;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }
        );

    /// <summary>Lets a test kill the process between two statements of this migration.</summary>
    protected void CrashPoint(string point) => Execute.WithConnection((_, _) => crashPoints.Hit(point));
}
