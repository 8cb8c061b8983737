using System.Globalization;
using AfirGen.Api.Durability;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>The checker is checked: the service is broken on purpose, and the run that passes with the real one must fail.</summary>
public sealed class MutationTests
{
    private const string Head = """
        | the service is broken so | stack | faults | must be caught within | caught in round | as |
        |---|---|---|---|---|---|
        """;

    /// <summary>Writes the table of docs/guarantee.md; AFIRGEN_TORTURE_MUTATION names a single one.</summary>
    [Fact(Explicit = true)]
    public async Task Every_mutation_is_caught()
    {
        var settings = TortureSettings.FromEnvironment(mysql: true);
        var only = Environment.GetEnvironmentVariable("AFIRGEN_TORTURE_MUTATION");
        var wanted = Mutation.All.Where(m => string.IsNullOrEmpty(only) || m.Name == only).ToList();
        Assert.True(wanted.Count > 0, $"'{only}' is no mutation; there are: {string.Join(", ", Mutation.All.Select(m => m.Name))}");
        var missed = new List<string>();
        var table = Path.Combine(settings.Output, "mutations.md");
        Directory.CreateDirectory(settings.Output);
        await File.WriteAllTextAsync(table, Head + "\n", TestContext.Current.CancellationToken);
        foreach (var mutation in wanted)
        {
            var caught = await RunAsync(mutation, settings);
            if (caught is null)
            {
                missed.Add(mutation.Name);
            }

            var line = Line(mutation, caught);
            await File.AppendAllTextAsync(table, line + "\n", TestContext.Current.CancellationToken);
            Say(line);
        }

        Say($"The table is in {table}");
        Assert.Empty(missed);
    }

    /// <summary>One of them in every run of the tests: what passes all the other rounds can fail.</summary>
    [Fact]
    public async Task G1_a_service_that_does_not_sync_is_caught_at_a_power_cut()
    {
        SmallDisk.RequireMounting();
        var mutation = Mutation.All.Single(m => m.Name == Mutations.SynchronousOff);
        var settings = new TortureSettings
        {
            Seed = Seed.Next(),
            Faults = mutation.Faults,
            MostRequests = 50,
        };
        var caught = await RunAsync(mutation, settings);
        Assert.NotNull(caught);
    }

    private static async Task<GuaranteeBrokenException?> RunAsync(Mutation mutation, TortureSettings settings)
    {
        await using var machine = await mutation.StartMachineAsync();
        using var run = new TortureRun(
            settings with
            {
                Faults = mutation.Faults,
                Point = mutation.Point,
                Rounds = mutation.Within,
                Time = TimeSpan.MaxValue,
            },
            machine,
            line => Say($"{mutation.Name}: {line}")
        );
        try
        {
            await run.RunAsync();
            return null;
        }
        catch (GuaranteeBrokenException e)
        {
            // A service that does not start loses nothing: that would be the mutation refused, not caught.
            Assert.Contains(e.Findings, finding => finding.Violation != Violation.Down);
            Say($"{mutation.Name}: {e.Message}");
            return e;
        }
    }

    private static string Line(Mutation mutation, GuaranteeBrokenException? caught)
    {
        var found = caught?.Findings.CountBy(f => f.Violation).Select(v => $"{v.Value} × {v.Key}") ?? [];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {mutation.Breaks} (`{mutation.Name}`) | {(mutation.MySql ? "MySQL" : "embedded")} | {string.Join(" + ", mutation.Faults)} | {mutation.Within} rounds | {caught?.Round.ToString(CultureInfo.InvariantCulture) ?? "NOT CAUGHT"} | {string.Join(", ", found)} |"
        );
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
