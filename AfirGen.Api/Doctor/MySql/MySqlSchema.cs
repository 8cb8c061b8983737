using AfirGen.Api.Registry.MySql;
using MySqlConnector;

namespace AfirGen.Api.Doctor.MySql;

/// <summary>The schema of <c>fir_db</c> is the one that this build wants.</summary>
internal sealed class MySqlSchema(MySqlLook mysql, Mending mending) : ICheck
{
    public string Name => "MySQL schema";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => mysql.AskAsync(LookAsync, cancellationToken);

    private async Task<IReadOnlyList<Finding>> LookAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new MySqlCommand(SchemaVersions.Query, connection);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<long> found = [];
            while (await row.ReadAsync(cancellationToken))
            {
                found.Add(row.GetInt64(0));
            }

            return [SchemaVersions.Judge(connection.Database, MySqlMigrations.Tag, found, mending)];
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.NoSuchTable)
        {
            return [Finding.Wrong($"{connection.Database} has no schema yet: no service has been started on it", mending.StartService)];
        }
    }
}
