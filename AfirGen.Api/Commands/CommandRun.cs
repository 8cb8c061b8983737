using System.CommandLine;
using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Commands;

/// <summary>What all commands share: the service's own configuration and parts, and what a failure is to a shell.</summary>
internal static class CommandRun
{
    private const int Failed = 1;
    private const int Damaged = 65; // EX_DATAERR of sysexits.h
    private const int Target = 73; // EX_CANTCREAT
    private const int Configuration = 78; // EX_CONFIG
    private const int Cancelled = 130;

    /// <param name="overrides">Settings that an option of the command replaces; null values do not.</param>
    /// <param name="work">Runs on the service's parts, none of which has been opened.</param>
    public static async Task<int> RunAsync(
        ParseResult arguments,
        IEnumerable<KeyValuePair<string, string?>> overrides,
        Func<IServiceProvider, Terminal, Task> work
    )
    {
        var terminal = new Terminal(arguments.GetValue(Terminal.Json));
        try
        {
            await using var services = Build(overrides);
            await work(services, terminal);
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
            OptionsValidationException => Configuration,
            OperationCanceledException => Cancelled,
            DataFolderException or StoreNotDurableException or RegistryUnavailableException or HttpRequestException => Failed,
            _ => null,
        };

    private static ServiceProvider Build(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(overrides.Where(setting => setting.Value is not null));
        builder.Logging.ClearProviders();
        builder.AddHosting();
        builder.AddJournal();
        builder.AddRegistry();
        builder.AddDrafting();
        builder.AddBackup();
        builder.Services.AddSingleton<IBarrier, StoppedBarrier>();
        return builder.Services.BuildServiceProvider();
    }
}
