using AfirGen.Api.Registry.MySql;
using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.Api.Doctor;

/// <summary>What would end the next start: the service's own checks of its settings.</summary>
internal sealed class ConfigurationHolds(Deployment deployment) : ICheck
{
    private const string Advice = " Set ";

    public string Name => "configuration";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        string?[] problems =
        [
            deployment.Service.Problem(deployment.Configuration),
            FirdbConnectionString.Problem(deployment.Configuration),
            deployment.Backup.Problem(deployment.Service),
            CheckedOptions.Problem(Journal.JournalOptions.Section, deployment.Journal),
            new DrainOptionsValidator().Validate(null, deployment.Drain).FailureMessage,
        ];
        var wrong = problems.OfType<string>().Select(Judge).ToList();
        return Task.FromResult<IReadOnlyList<Finding>>(wrong.Count == 0 ? [Finding.Right("nothing in it would end a start")] : wrong);
    }

    /// <summary>The messages end with what to set.</summary>
    private static Finding Judge(string problem)
    {
        var advice = problem.LastIndexOf(Advice, StringComparison.Ordinal);
        return advice < 0
            ? Finding.Wrong(problem, "the setting that it names, and start the service anew: docs/configuration.md")
            : Finding.Wrong(problem[..advice], problem[(advice + 1)..]);
    }
}
