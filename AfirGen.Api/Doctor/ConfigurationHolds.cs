using AfirGen.Api.Backup;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Doctor;

/// <summary>What would end the next start: asked of the service's own validation, on parts of which none is made.</summary>
internal sealed class ConfigurationHolds(Deployment deployment) : ICheck
{
    private const string Advice = " Set ";

    public string Name => "configuration";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var services = Registered().BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            return [Finding.Right("nothing in it would end a start")];
        }
        catch (Exception e) when (ApiPipeline.Explanation(e) is { } problem)
        {
            return [Judge(problem)];
        }
    }

    private IServiceCollection Registered()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddConfiguration(deployment.Configuration);
        builder.AddHosting();
        builder.AddJournal();
        builder.AddRegistry();
        builder.AddDrafting();
        builder.AddDurability();
        builder.AddScheduledBackup();
        builder.AddDraining();
        return builder.Services;
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
