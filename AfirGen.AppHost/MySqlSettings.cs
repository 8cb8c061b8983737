using AfirGen.Api.Registry.MySql;
using MySqlConnector;

namespace AfirGen.AppHost;

/// <summary>Asks a running MySQL for the settings that the guarantee needs.</summary>
internal static class MySqlSettings
{
    public static async Task<CommandOutcome> ShowAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            var names = string.Join(", ", MySqlFlags.All.Select(flag => $"'{flag.Variable}'"));
            await using var command = new MySqlCommand($"SHOW GLOBAL VARIABLES WHERE Variable_name IN ({names})", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var found = new Dictionary<string, string>();
            while (await reader.ReadAsync(cancellationToken))
            {
                found[reader.GetString(0)] = reader.GetString(1);
            }

            var lines = MySqlFlags.All.Select(flag => Line(flag, found.GetValueOrDefault(flag.Variable, "missing")));
            var durable = MySqlFlags.All.All(flag => flag.Accepts(found.GetValueOrDefault(flag.Variable, "")));
            return new(durable, $"{(durable ? "Durable" : "NOT durable")}. {string.Join(", ", lines)}");
        }
        catch (MySqlException e)
        {
            return new(false, $"MySQL does not answer: {e.Message}");
        }
    }

    private static string Line(MySqlFlag flag, string found) =>
        $"{flag.Variable} = {found}" + (flag.Accepts(found) ? "" : $" (wanted {flag.Value})");
}
