using System.Data.Common;
using System.Security.Cryptography;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;
using MySqlConnector;
using Xunit.Sdk;

namespace AfirGen.Tests.Torture;

/// <summary>Everything that must hold between what clients were told and what both stores hold, read behind the service's back.</summary>
internal sealed class TortureChecker(World world, TestStack stack)
{
    private const int Sampled = 25;

    /// <summary>What a crash left on the disk, before any recovery: an acknowledgement needs no later repair.</summary>
    public IReadOnlyList<Finding> CheckDisk()
    {
        if (world.History.Acknowledged.Count == 0)
        {
            return Noticed(); // killed inside the first migration, there may not be a table yet
        }

        using var copy = new TemporaryFolder();
        Stores.Copy(stack.DataFolder, copy.Path);
        return Check(stack.StoresIn(copy.Path), settled: false);
    }

    /// <summary>The service has started and recovered, nobody is sending.</summary>
    public async Task<IReadOnlyList<Finding>> CheckSettledAsync()
    {
        try
        {
            await Eventually.TrueAsync(() => world.History.InFlight == 0, "every request is answered or broken");
            await stack.DeliveredAsync();
        }
        catch (XunitException e)
        {
            return [new(Violation.Torn, e.Message), .. Noticed()];
        }

        return Check(stack.Stores, settled: true);
    }

    /// <summary>
    /// The last check: what clients read is what the stores hold, what was acknowledged is acknowledged again, the ledger verifies, the stores
    /// find nothing wrong with themselves, and no request was left without an answer.
    /// </summary>
    public async Task<IReadOnlyList<Finding>> CheckOverTheWireAsync(ApiClient client, Random random)
    {
        var stores = StoreView.Read(stack.Stores);
        var sessions = stores.Sessions.Values.ToArray();
        random.Shuffle(sessions);
        var keyed = world.History.Acknowledged.Where(o => o.Request.Keyed).ToArray();
        random.Shuffle(keyed);
        List<Finding> findings =
        [
            .. await ApiCheck.ReadAsync(client, stores, [.. sessions.Take(Sampled)]),
            .. await ApiCheck.ListAsync(client, stores),
            .. await ApiCheck.OutcomesAsync(
                client,
                [.. keyed.Take(Sampled), .. world.History.Operations.Where(o => o.Request.Keyed && o.IsRefused)]
            ),
            .. await ApiCheck.RepeatAsync(client, [.. keyed.Take(Sampled)]),
            .. world
                .History.Operations.Where(o => o.Request.Keyed && o.Attempts.All(a => a.Verdict is Verdict.Unknown or Verdict.Invoked))
                .Select(o => new Finding(Violation.Lost, $"{o.Request.Kind} {o.Request.Key} never got an answer")),
            .. stack.RegistryDamage().Select(damage => new Finding(Violation.Lost, damage)),
        ];
        var verified = await client.GetAsync("/ledger/verify");
        if (verified.Status != 200 || verified["ok"] != "true" || verified["complete"] != "true")
        {
            findings.Add(new(Violation.Broken, $"GET /ledger/verify: {verified.Text}"));
        }

        return findings;
    }

    private List<Finding> Check(Stores stores, bool settled)
    {
        try
        {
            var view = Read(stores, settled);
            var history = world.History.Operations;
            using var key = ReadKey();
            return
            [
                .. Noticed(),
                .. HistoryChecker.Check(history, view, settled),
                .. LedgerCheck.Run(history, view, key),
                .. Strangers(history, view),
            ];
        }
        catch (Exception e)
            when (e
                    is (DbException and not MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost })
                        or InvalidOperationException
                        or ArgumentException
            )
        {
            var acknowledged = world.History.Acknowledged.Count;
            return
            [
                new(Violation.Lost, $"{acknowledged} changes were acknowledged, and a store cannot be read: {e.Message}"),
                .. Noticed(),
            ];
        }
    }

    /// <summary>The journal takes changes before the registry has ever been there: then its tables are missing, and nothing more.</summary>
    private static StoreView Read(Stores stores, bool settled)
    {
        try
        {
            return StoreView.Read(stores);
        }
        catch (MySqlException e) when (!settled && e.ErrorCode == MySqlErrorCode.NoSuchTable)
        {
            return StoreView.ReadJournal(stores);
        }
    }

    /// <summary>Nothing is there that nobody sent; what nobody was told of is there wholly or not at all.</summary>
    private static IEnumerable<Finding> Strangers(IReadOnlyList<Operation> history, StoreView view)
    {
        var known = history.Where(o => o.Request.Keyed).ToDictionary(o => o.Request.Key);
        foreach (var answer in view.Answers)
        {
            if (!known.TryGetValue(answer.ClientKey, out var operation))
            {
                yield return new(Violation.Phantom, $"an answer for the key {answer.ClientKey} is stored, which nobody sent");
            }
            else if (answer is { StatusCode: 200 } && operation.Acknowledged is null)
            {
                var state = view.Sessions.GetValueOrDefault(answer.SessionId!)?.Now;
                var text = operation.Request.Text;
                if (state is null || (text is not null && state.OriginalText != text && state.Notes.All(note => note.Text != text)))
                {
                    yield return new(Violation.Torn, $"the answer of {answer.ClientKey} is stored, its effect is not there");
                }
            }
        }
    }

    private ECDsa? ReadKey()
    {
        var file = Path.Combine(stack.DataFolder, "ledger.key");
        if (!File.Exists(file))
        {
            return null;
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }

    private List<Finding> Noticed() => [.. world.Findings];
}
