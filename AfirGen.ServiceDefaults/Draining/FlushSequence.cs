using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AfirGen.ServiceDefaults.Draining;

/// <summary>Runs the flush steps in order. No step can make another one be skipped, neither by throwing nor by hanging.</summary>
internal sealed class FlushSequence(
    IEnumerable<IFlushOnShutdown> steps,
    IOptions<DrainOptions> options,
    TimeProvider clock,
    DrainMetrics metrics,
    ILogger<FlushSequence> log
)
{
    private readonly IFlushOnShutdown[] _steps = [.. steps.OrderBy(step => step.Order)];

    public IEnumerable<string> Names => _steps.Select(step => step.Name);

    public async Task<IReadOnlyList<FlushStepReport>> RunAsync()
    {
        var reports = new List<FlushStepReport>(_steps.Length);
        var left = options.Value.FlushBudget;
        for (var i = 0; i < _steps.Length; i++)
        {
            // An equal share of what is left: a quick step hands its time on, one that hangs uses up only its own.
            var report = await RunAsync(_steps[i], left / (_steps.Length - i)).ConfigureAwait(false);
            left -= report.Duration < left ? report.Duration : left;
            metrics.Flushed(report);
            reports.Add(report);
        }

        // Said here because the line carries this category: operators look for it with `grep -i flush`, and its text alone lacks the word.
        if (reports.TrueForAll(report => report.Succeeded))
        {
            log.AllPersisted();
        }
        else
        {
            log.FlushFailed(string.Join(", ", reports.Where(report => !report.Succeeded).Select(report => report.Name)));
        }

        return reports;
    }

    private async Task<FlushStepReport> RunAsync(IFlushOnShutdown step, TimeSpan share)
    {
        var started = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(share, clock);
        try
        {
            // On the pool and waited for with a limit of our own: stores work synchronously, and a step may ignore its token.
            var token = limit.Token;
            await Task.Run(() => step.FlushAsync(token), CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
            var duration = clock.GetElapsedTime(started);
            log.StepDone(step.Name, duration);
            return new FlushStepReport(step.Name, duration, Error: null);
        }
#pragma warning disable CA1031 // Whatever a step throws, the next one must run (D-26).
        catch (Exception error)
#pragma warning restore CA1031
        {
            var duration = clock.GetElapsedTime(started);
            var reason = limit.IsCancellationRequested ? $"not done within {share.TotalSeconds:0.###} s" : error.Message;
            log.StepFailed(error, step.Name, duration, reason);
            return new FlushStepReport(step.Name, duration, reason);
        }
    }
}
