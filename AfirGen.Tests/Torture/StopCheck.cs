using AfirGen.Tests.History;

namespace AfirGen.Tests.Torture;

/// <summary>What a stop by SIGTERM did (G5), and whether what it says about its flush is so (G8).</summary>
internal static class StopCheck
{
    /// <param name="told">When SIGTERM was sent, as <see cref="Attempt.InvokedAt"/>.</param>
    public static IEnumerable<Finding> Run(RoundPlan plan, IReadOnlyList<Operation> history, Machine machine, long told, int exitCode)
    {
        if (plan.Launch == Fault.FsyncFails && exitCode != 0)
        {
            yield break; // the disk ended it, in the middle of whatever it did
        }

        foreach (var cut in DrainCheck.Run(history, told))
        {
            yield return cut;
        }

        // While the registry is away, a stop says honestly that not all was delivered. A stop at a named point may fall into that time.
        if (exitCode != 0 && (plan.During is null || (plan.MendFirst && plan.Launch != Fault.TermPoint)))
        {
            yield return new(Violation.Untrue, $"the stop ends with {exitCode}: {machine.Tail}");
        }

        if (exitCode == 0)
        {
            foreach (var log in Directory.EnumerateFiles(machine.Stack.DataFolder, "*-wal").Where(log => new FileInfo(log).Length > 0))
            {
                yield return new(Violation.Untrue, $"a clean stop says that all is flushed, and {Path.GetFileName(log)} is not empty");
            }
        }
    }
}
