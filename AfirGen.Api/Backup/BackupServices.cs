using AfirGen.Api.Backup.MySql;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Registry.MySql;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Backup;

internal static class BackupServices
{
    /// <summary>What backs up, tries and restores, for the service and for commands; each adds the barrier of its own.</summary>
    public static void AddBackup(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<BackupOptions>()
            .Bind(builder.Configuration.GetSection(BackupOptions.Section))
            .ValidateWith(options =>
                options.Problem(builder.Configuration.GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new())
            );
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(FirdbConnectionString.Name)))
        {
            builder
                .Services.AddSingleton<IRegistrySnapshots, EmbeddedSnapshots>()
                .AddSingleton<IRegistryTarget, EmbeddedTarget>()
                .AddSingleton<IRegistryTrial, EmbeddedTrial>();
        }
        else
        {
            builder
                .Services.AddSingleton<IRegistrySnapshots, MySqlSnapshots>()
                .AddSingleton<IRegistryTarget, MySqlTarget>()
                .AddSingleton<IRegistryTrial, MySqlTrial>();
        }

        builder
            .Services.AddSingleton<Scratch>()
            .AddSingleton<TrialRestore>()
            .AddSingleton<BackupRun>()
            .AddSingleton<Restore>()
            .AddSingleton<RegistryRestore>();
    }

    /// <summary>Backups of the running service. Registered after everything that it stops after.</summary>
    public static void AddScheduledBackup(this WebApplicationBuilder builder)
    {
        builder.AddBackup();
        builder
            .Services.AddSingleton<IBarrier, LiveBarrier>()
            .AddSingleton<BackupMetrics>()
            .AddSingleton<ServiceBackup>()
            .AddSingleton<RestoreAudit>()
            .AddHostedService<BackupSchedule>();
        if (!string.IsNullOrWhiteSpace(builder.Configuration[$"{BackupOptions.Section}:Folder"]))
        {
            builder.Services.AddFlushStep<EndBackup>();
        }
    }
}
