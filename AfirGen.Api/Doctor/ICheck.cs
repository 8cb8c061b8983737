namespace AfirGen.Api.Doctor;

/// <summary>
/// One thing that is looked at. It changes nothing, holds no lock when it returns, and works beside a live service as well as without one.
/// What it cannot look at it says; it is never silently right.
/// </summary>
internal interface ICheck
{
    /// <summary>What its lines begin with.</summary>
    string Name { get; }

    /// <returns>At least one line. An exception becomes <see cref="Level.Unknown"/>.</returns>
    Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken);
}
