using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry.MySql;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Doctor;

/// <summary>What is looked at: the configuration of a service as it stands, not validated, since what is wrong in it is to be found and said.</summary>
internal sealed class Deployment
{
    /// <exception cref="InvalidOperationException">A value is no number, duration or address.</exception>
    public Deployment(IConfiguration configuration)
    {
        Configuration = configuration;
        Service = Section<ServiceOptions>(ServiceOptions.Section);
        Journal = Section<JournalOptions>(JournalOptions.Section);
        Backup = Section<BackupOptions>(BackupOptions.Section);
        Drain = Section<DrainOptions>(DrainOptions.SectionName);
        Doctor = Section<DoctorOptions>(DoctorOptions.Section);
        Folder = new(string.IsNullOrWhiteSpace(Service.DataFolder) ? new ServiceOptions().DataFolder : Service.DataFolder);
        Clock = JumpingClock.Of(configuration);
    }

    public IConfiguration Configuration { get; }
    public ServiceOptions Service { get; }
    public JournalOptions Journal { get; }
    public BackupOptions Backup { get; }
    public DrainOptions Drain { get; }
    public DoctorOptions Doctor { get; }
    public DataFolder Folder { get; }
    public TimeProvider Clock { get; }

    /// <summary>Null when it is embedded.</summary>
    public string? Firdb =>
        Configuration.GetConnectionString(FirdbConnectionString.Name) is { } configured && !string.IsNullOrWhiteSpace(configured)
            ? configured
            : null;

    /// <summary>Null when nothing of what is configured is an address.</summary>
    public Uri? Address =>
        string.IsNullOrWhiteSpace(Doctor.Url) ? ListeningAddresses.FromHere(Configuration)
        : Uri.TryCreate(Doctor.Url, UriKind.Absolute, out var address) ? address
        : null;

    /// <summary>A key that the service takes, if it wants one.</summary>
    public string? Key =>
        string.IsNullOrEmpty(Service.ApiKey) ? Service.Keys.Values.Select(key => key.Key).FirstOrDefault() : Service.ApiKey;

    /// <summary>Nobody gets in without one.</summary>
    public bool WantsKey => Key is not null || !string.IsNullOrEmpty(Service.ApiKeyFile);

    private T Section<T>(string name)
        where T : class, new() => Configuration.GetSection(name).Get<T>() ?? new();
}
