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
        return command.Runs(RunAsync, CommonOptions.OfBackups);
    }

    private static Uri Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? address
            : throw new BackupException(BackupFault.Configuration, $"--url {url} is no address: http://localhost:8000 is one.");

    private static async Task RunAsync(CommandContext context)
    {
        var folder = context.Part<DataFolder>();
        if (!Directory.Exists(folder.Path))
        {
            throw new BackupException(BackupFault.Configuration, $"There is no data folder {folder.Path}. Set AfirGen__DataFolder.");
        }

        var report = TryTake(folder) ? await TakeAsync(context) : await AskServiceAsync(context);
        context.Terminal.Succeeded(
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

    private static Task<BackupReport> TakeAsync(CommandContext context) =>
        context.Options.IsConfigured
            ? context.Part<BackupRun>().TakeAsync(context.Progress, context.CancellationToken)
            : throw new BackupException(BackupFault.Configuration, "Say where to: --folder, or AfirGen__Backup__Folder.");

    private static async Task<BackupReport> AskServiceAsync(CommandContext context)
    {
        var url = Address(context.Arguments.GetValue(Url)!);
        using var client = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        if (context.Part<IOptions<ServiceOptions>>().Value.ApiKey is { Length: > 0 } key)
        {
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        }

        using var response = await client.PostAsync(new Uri("/backup", UriKind.Relative), null, context.CancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? answer.GetProperty("status").Deserialize<BackupReport>(BackupJson.Options)!
            : throw new BackupException(
                BackupFault.Failed,
                $"The service at {url} answered {(int)response.StatusCode}: {(answer.TryGetProperty("detail", out var detail) ? detail.GetString() : answer)}"
            );
    }
}
