using System.CommandLine;
using System.Net;
using System.Text.Json;
using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Commands;

/// <summary>
/// Backs up: through the service when it runs, which alone can hold both stores at one instant; from the files when it does not, under the
/// data folder's lock, so that it does not start meanwhile.
/// </summary>
internal static class BackupCommand
{
    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where a running service listens.",
        DefaultValueFactory = _ => "http://localhost:8000",
    };

    public static Command Create()
    {
        var command = new Command("backup", "Back up both stores, sealed and restored for trial.");
        command.Options.Add(Url);
        CommonOptions.AddTo(command);
        command.SetAction(
            (arguments, cancellationToken) =>
                CommandRun.RunAsync(
                    arguments,
                    CommonOptions.Settings(arguments),
                    (services, terminal) => RunAsync(services, terminal, Address(arguments.GetValue(Url)!), cancellationToken)
                )
        );
        return command;
    }

    private static Uri Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? address
            : throw new BackupException(BackupFault.Configuration, $"--url {url} is no address: http://localhost:8000 is one.");

    private static async Task RunAsync(IServiceProvider services, Terminal terminal, Uri url, CancellationToken cancellationToken)
    {
        var folder = services.GetRequiredService<DataFolder>();
        if (!Directory.Exists(folder.Path))
        {
            throw new BackupException(BackupFault.Configuration, $"There is no data folder {folder.Path}. Set AfirGen__DataFolder.");
        }

        var report = TryTake(folder)
            ? await TakeAsync(services, terminal, cancellationToken)
            : await AskServiceAsync(services.GetRequiredService<IOptions<ServiceOptions>>().Value, url, cancellationToken);
        terminal.Succeeded(
            report,
            $"Backed up to {report.Folder}: {report.Sessions} sessions, {report.Firs} FIRs, {report.Ledger.Position} of them registered.",
            $"Restored for trial into {report.RestoredInto} and checked. {report.Bytes} bytes, {report.Duration.TotalSeconds:F1} s; deliveries stood still for {report.Pause.TotalMilliseconds:F1} ms."
        );
    }

    /// <returns>False when a service holds the folder.</returns>
    private static bool TryTake(DataFolder folder)
    {
        try
        {
            folder.Open();
            return true;
        }
        catch (DataFolderException) when (!File.Exists(folder.RestoringFile))
        {
            return false;
        }
    }

    private static Task<BackupReport> TakeAsync(IServiceProvider services, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!services.GetRequiredService<IOptions<BackupOptions>>().Value.IsConfigured)
        {
            throw new BackupException(BackupFault.Configuration, "Say where to: --folder, or AfirGen__Backup__Folder.");
        }

        return services.GetRequiredService<BackupRun>().TakeAsync(terminal.Progress, cancellationToken);
    }

    private static async Task<BackupReport> AskServiceAsync(ServiceOptions options, Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrEmpty(options.ApiKey))
        {
            client.DefaultRequestHeaders.Add("X-API-Key", options.ApiKey);
        }

        using var response = await client.PostAsync(new Uri("/backup", UriKind.Relative), null, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? answer.GetProperty("status").Deserialize<BackupReport>(BackupJson.Options)!
            : throw new BackupException(
                BackupFault.Failed,
                $"The service at {url} answered {(int)response.StatusCode}: {(answer.TryGetProperty("detail", out var detail) ? detail.GetString() : answer)}"
            );
    }
}
