namespace AfirGen.Api.Doctor.Service;

/// <summary>What runs is what is installed here: after an upgrade the old process may go on.</summary>
internal sealed class ServiceVersion(ServiceLook service, Mending mending) : ICheck
{
    public string Name => "version";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var answer = await service.AskAsync("/durability", cancellationToken);
        if (!answer.IsOk)
        {
            return [answer.NothingLearned(mending)];
        }

        var running = answer.Body.TryGetProperty("version", out var version) ? version.GetString() : "an older one";
        return running == ThisBuild.Version
            ? [Finding.Right(ThisBuild.Version)]
            : [Finding.Wrong($"the service that runs is {running}, installed is {ThisBuild.Version}", mending.RestartService)];
    }
}
