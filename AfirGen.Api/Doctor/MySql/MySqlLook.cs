using AfirGen.Api.Registry.MySql;
using MySqlConnector;

namespace AfirGen.Api.Doctor.MySql;

/// <summary>The registry's server, read with the service's own account. Nothing is written, and no transaction stays open.</summary>
internal sealed class MySqlLook(Deployment deployment) : IAsyncDisposable
{
    private MySqlDataSource? _source;

    /// <summary>The line of a deployment without MySQL, or with a connection string that cannot be read; null when there is a server to ask.</summary>
    public Finding? Absent =>
        deployment.Firdb is null ? Finding.NotLookedAt("embedded: no connection string firdb is configured")
        : FirdbConnectionString.Problem(deployment.Configuration) is not null ? Finding.Unknown("its connection string cannot be used")
        : null;

    /// <summary>Null unless it was tried and failed.</summary>
    public string? Unreachable { get; private set; }

    /// <exception cref="MySqlException">It does not answer, or not to this account.</exception>
    public async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        _source ??= new MySqlDataSource(FirdbConnectionString.Harden(deployment.Firdb!));
        try
        {
            return await new FirdbConnections(_source).OpenToReadAsync(cancellationToken);
        }
        catch (MySqlException e)
        {
            Unreachable = e.Message;
            throw;
        }
    }

    /// <summary>Every later check of the same server waits no second time.</summary>
    public async Task<IReadOnlyList<Finding>> AskAsync(
        Func<MySqlConnection, CancellationToken, Task<IReadOnlyList<Finding>>> ask,
        CancellationToken cancellationToken
    )
    {
        if (Absent is { } absent)
        {
            return [absent];
        }

        if (Unreachable is not null)
        {
            return [Finding.Unknown("MySQL does not answer")];
        }

        await using var connection = await OpenAsync(cancellationToken);
        return await ask(connection, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }
}
