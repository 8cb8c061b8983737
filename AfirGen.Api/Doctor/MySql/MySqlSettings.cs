using AfirGen.Api.Registry.MySql;
using AfirGen.Api.Sqlite;
using MySqlConnector;

namespace AfirGen.Api.Doctor.MySql;

/// <summary>A line for every setting that the guard holds the server to, from the guard's own list.</summary>
internal sealed class MySqlSettings(MySqlLook mysql, Mending mending) : ICheck
{
    public string Name => "MySQL setting";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => mysql.AskAsync(LookAsync, cancellationToken);

    private async Task<IReadOnlyList<Finding>> LookAsync(MySqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await ServerSettings.ReadAsync(connection, cancellationToken)).Select(Judge)];

    private Finding Judge(DurabilitySetting setting)
    {
        var name = setting.Store == "mysql" ? setting.Name : $"{setting.Name}, of the service's sessions,";
        return setting.Ok
            ? Finding.Right($"{name} is {setting.Found}")
            : Finding.Wrong(
                $"{name} is {setting.Found}, wanted {setting.Wanted}",
                setting switch
                {
                    { Statement: { } statement, Start: null } => mending.Sql(statement),
                    { Statement: { } statement, Start: { } start } => $"{mending.Sql(statement)}   # and start mysqld {start}",
                    { Start: { } start } => mending.RestartMySql($"mysqld has to be started {start}"),
                    _ => mending.RestartService,
                }
            );
    }
}
