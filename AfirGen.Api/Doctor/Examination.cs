using AfirGen.Api.Doctor.Alerts;
using AfirGen.Api.Doctor.Backups;
using AfirGen.Api.Doctor.Container;
using AfirGen.Api.Doctor.Disk;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Api.Doctor.MySql;
using AfirGen.Api.Doctor.Service;
using AfirGen.Api.Doctor.Stores;

namespace AfirGen.Api.Doctor;

/// <summary>The list of what is looked at, and one look at all of it.</summary>
internal sealed class Examination : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Deployment _deployment;
    private readonly ServiceLook _service;
    private readonly MySqlLook _mysql;
    private readonly PrometheusLook _prometheus;

    /// <param name="input">Where the description of the container comes from, if it is to come by the input.</param>
    public Examination(Deployment deployment, Surroundings surroundings, TextReader input)
    {
        _deployment = deployment;
        _service = new(deployment);
        _mysql = new(deployment);
        _prometheus = new(deployment);
        ContainerLook container = new(deployment, input);
        Mending mending = new(deployment, surroundings.InContainer || container.IsNamed);
        Checks =
        [
            new ConfigurationHolds(deployment),
            new ServiceAnswers(_service, mending),
            new ServiceVersion(_service, mending),
            new Runtime(),
            new ExposedAddress(deployment, container, mending),
            new ContainerStops(container, deployment),
            new NetworkTime(surroundings),
            new DataVolume(deployment, surroundings, mending),
            new DiskRoom(deployment, mending),
            new FolderPrivacy(deployment, mending),
            new FolderOwner(deployment, mending),
            new KeyFiles(deployment, mending),
            new StoredKeyFile(deployment, mending),
            new JournalMode(deployment, mending),
            new LiveJournalSettings(_service, mending),
            new LogSize(deployment, mending),
            new StoreSchema(deployment, mending),
            new MySqlAnswers(_mysql, mending),
            new MySqlSettings(_mysql, mending),
            new MySqlSchema(_mysql, mending),
            new MySqlClock(_mysql, deployment),
            new BackupAge(deployment, mending),
            new BackupKeyFile(deployment, mending),
            new AlertsLoaded(_prometheus, mending),
            new ServiceScraped(_prometheus, mending),
        ];
    }

    public IReadOnlyList<ICheck> Checks { get; }

    /// <summary>One after the other: some wait for what another has found out.</summary>
    public async Task<Diagnosis> RunAsync(CancellationToken cancellationToken)
    {
        List<ExaminedLine> lines = [];
        foreach (var check in Checks)
        {
            lines.AddRange((await LookAsync(check, cancellationToken)).Select(finding => new ExaminedLine(check.Name, finding)));
        }

        return new(_deployment.Folder.Path, _service.Address, lines);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        _prometheus.Dispose();
        await _mysql.DisposeAsync();
    }

    /// <summary>One check that fails, whatever the reason, keeps nobody from the others; that it failed is a line too.</summary>
    private async Task<IReadOnlyList<Finding>> LookAsync(ICheck check, CancellationToken cancellationToken)
    {
        try
        {
            // On another thread: the kernel does not answer about a network file system whose server is gone.
            return await Task.Run(() => check.RunAsync(cancellationToken), cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            return [Finding.Unknown(e.Message, $"sudo -u '#{FileOwner.Of(_deployment.Folder.Path).User}' dotnet AfirGen.Api.dll doctor")];
        }
        catch (PlatformNotSupportedException e)
        {
            return [Finding.NotLookedAt(e.Message)];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Unknown($"could not be looked at: {e.Message.ReplaceLineEndings(" ")}")];
        }
    }
}
