namespace AfirGen.Tests.History;

/// <summary>What a stop may do to requests that were on their way when it was told (G5).</summary>
internal static class DrainCheck
{
    /// <param name="told">When SIGTERM was sent, as <see cref="Attempt.InvokedAt"/>.</param>
    public static IEnumerable<Finding> Run(IEnumerable<Operation> history, long told) =>
        from operation in history
        from attempt in operation.Attempts
        where attempt.InvokedAt < told && attempt.EndedAt > told && attempt is { HungUp: false, Unreached: false }
        let how = attempt.Answer is null ? "got no answer"
        : attempt.Answer.ProblemType is "cancelled-by-drain" ? "was cancelled"
        : null
        where how is not null
        select new Finding(
            Violation.Cut,
            $"{operation.Request.Kind} {operation.Request.Key}: {how}, although it was there before the stop and the drain's limit was far"
        );
}
