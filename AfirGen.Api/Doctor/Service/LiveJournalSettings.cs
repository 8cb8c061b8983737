using System.Text.Json;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Doctor.Service;

/// <summary>
/// What the guard reads from SQLite's connections: most of it belongs to a connection, not to the file, so only the service itself can tell.
/// </summary>
internal sealed class LiveJournalSettings(ServiceLook service, Mending mending) : ICheck
{
    private const string MySqlStores = "mysql";

    /// <summary>So many are named in a line that is right; the first two are what the guarantee rests on.</summary>
    private const int Named = 2;

    public string Name => "SQLite";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var answer = await service.AskAsync("/durability", cancellationToken);
        if (!answer.IsOk)
        {
            return [answer.NothingLearned(mending)];
        }

        var settings = answer.Body.GetProperty("settings").Deserialize<List<DurabilitySetting>>(OperatorJson.Options)!;
        var stores = settings
            .Where(setting => !setting.Store.StartsWith(MySqlStores, StringComparison.Ordinal))
            .GroupBy(setting => setting.Store)
            .ToList();
        return stores.Count == 0
            ? [Finding.Unknown("the service could not read its own journal", mending.RestartService)]
            : [.. stores.SelectMany(Judge)];
    }

    private IEnumerable<Finding> Judge(IGrouping<string, DurabilitySetting> store)
    {
        var wrong = store.Where(setting => !setting.Ok).ToList();
        return wrong.Count == 0
            ?
            [
                Finding.Right(
                    $"{store.Key}: {string.Join(", ", store.Take(Named).Select(setting => $"{setting.Name} {setting.Found}"))}"
                        + $" and {store.Count() - Named} more as wanted"
                ),
            ]
            : wrong.Select(setting =>
                Finding.Wrong($"{store.Key}: {setting.Name} is {setting.Found}, wanted {setting.Wanted}", mending.RestartService)
            );
    }
}
