using AfirGen.Api.Registry.MySql;
using MySqlConnector;

namespace AfirGen.Api.Doctor.MySql;

/// <summary>The server answers to the service's account, can be written, and is of the series that everything was proven with.</summary>
internal sealed class MySqlAnswers(MySqlLook mysql, Mending mending) : ICheck
{
    public string Name => "MySQL";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (mysql.Absent is { } absent)
        {
            return [absent];
        }

        try
        {
            return await mysql.AskAsync(LookAsync, cancellationToken);
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.AccessDenied or MySqlErrorCode.DatabaseAccessDenied)
        {
            return [Finding.Wrong(e.Message, mending.Set("ConnectionStrings__firdb", "\"Server=…;Database=fir_db;User ID=…;Password=…\""))];
        }
        catch (MySqlException e)
        {
            return [Finding.Wrong($"does not answer: {e.Message}", mending.StartMySql)];
        }
    }

    /// <param name="version">As the server says it.</param>
    public static Finding JudgeVersion(string version) =>
        version.StartsWith(MySqlFlags.Series + ".", StringComparison.Ordinal)
        && !version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
            ? Finding.Right($"answers; {version}")
            : Finding.Wrong(
                $"the server is {version}, wanted is MySQL {MySqlFlags.Series}",
                "eng/mysql-image.sh && docker-compose up -d mysql"
            );

    private async Task<IReadOnlyList<Finding>> LookAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT VERSION(), @@GLOBAL.read_only", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var version = JudgeVersion(row.GetString(0));
        return row.GetInt64(1) == 0
            ? [version]
            :
            [
                version,
                Finding.Wrong(
                    "is read-only: a replica, or a primary that is being maintained",
                    mending.Sql("SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF") + "   # or point firdb at the primary"
                ),
            ];
    }
}
