using System.Globalization;
using MySqlConnector;

namespace AfirGen.Api.Doctor.MySql;

/// <summary>MySQL's clock and ours agree: its logs and ours are read side by side, and a certificate is valid for both or for none.</summary>
internal sealed class MySqlClock(MySqlLook mysql, Deployment deployment) : ICheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public string Name => "MySQL clock";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => mysql.AskAsync(LookAsync, cancellationToken);

    private async Task<IReadOnlyList<Finding>> LookAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT UTC_TIMESTAMP(6)", connection);
        var before = deployment.Clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!, TimeSpan.Zero);
        var after = deployment.Clock.GetUtcNow();

        // Whenever in between it looked, it does not count against it.
        var apart =
            theirs < before ? before - theirs
            : theirs > after ? theirs - after
            : TimeSpan.Zero;
        var seconds = apart.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return apart <= Tolerance
            ? [Finding.Right($"{seconds} s from ours, at most {Tolerance.TotalSeconds} s")]
            :
            [
                Finding.Wrong(
                    $"{seconds} s from ours, more than {Tolerance.TotalSeconds} s",
                    $"timedatectl set-ntp true   # {Mending.OnTheMachines}"
                ),
            ];
    }
}
