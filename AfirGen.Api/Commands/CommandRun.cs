using System.CommandLine;
using AfirGen.Api.Access;
using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Commands;

/// <summary>What all commands share: the service's own configuration and parts, and what a failure is to a shell.</summary>
internal static class CommandRun
{
    private const int Failed = 1;
    private const int Damaged = 65; // EX_DATAERR of sysexits.h
    private const int Target = 73; // EX_CANTCREAT
    public const int Configuration = 78; // EX_CONFIG
    private const int Cancelled = 130;

    /// <summary>Gives the command the options that stand for settings, and its work.</summary>
    /// <param name="work">Runs on the service's parts, none of which has been opened.</param>
    /// <param name="options">Of <see cref="CommonOptions"/>.</param>
    public static Command Runs(this Command command, Func<CommandContext, Task> work, params IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, work, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Func<CommandContext, Task> work, CancellationToken cancellationToken)
    {
        var terminal = new Terminal(arguments.GetValue(Terminal.Json));
        try
        {
            await using var services = Build(CommonOptions.Settings(arguments));
            await work(new(services, terminal, arguments, cancellationToken));
            return 0;
        }
        catch (Exception e) when (ExitCode(e) is { } code)
        {
            terminal.Failed(e is OptionsValidationException options ? string.Join(" ", options.Failures) : e.Message);
            return code;
        }
    }

    private static int? ExitCode(Exception exception) =>
        exception switch
        {
            BackupException e => e.Fault switch
            {
                BackupFault.Damaged => Damaged,
                BackupFault.Target => Target,
                BackupFault.Configuration => Configuration,
                _ => Failed,
            },
            KeyFileException { IsDamage: true } or AuditBrokenException => Damaged,
            KeyFileException or OptionsValidationException => Configuration,
            OperationCanceledException => Cancelled,
            DataFolderException or StoreNotDurableException or RegistryUnavailableException or HttpRequestException or SqliteException =>
                Failed,
            _ => null,
        };

    /// <summary>The service's own configuration under the options that stand for settings.</summary>
    public static WebApplicationBuilder Configure(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides.Where(setting => setting.Value is not null));
        builder.Logging.ClearProviders();
        return builder;
    }

    private static ServiceProvider Build(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = Configure(overrides);
        builder.AddHosting();
        builder.AddJournal();
        builder.AddRegistry();
        builder.AddDrafting();
        builder.AddBackup();
        builder.Services.AddSingleton<IBarrier, StoppedBarrier>();
        return builder.Services.BuildServiceProvider();
    }
}

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(
    IServiceProvider Services,
    Terminal Terminal,
    ParseResult Arguments,
    CancellationToken CancellationToken
)
{
    public BackupOptions Options => Services.GetRequiredService<IOptions<BackupOptions>>().Value;

    public T Part<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Shows how far it is, and ends the work when somebody pressed Ctrl+C.</summary>
    public void Progress(BackupProgress progress)
    {
        CancellationToken.ThrowIfCancellationRequested();
        Terminal.Progress(progress);
    }
}
