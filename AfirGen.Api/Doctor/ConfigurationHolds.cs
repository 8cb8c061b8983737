using AfirGen.Api.Access;
using AfirGen.Api.Backup;
using AfirGen.Api.Doctor.Disk;
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
            ReadStoredKeys();
            return [Finding.Right("nothing in it would end a start")];
        }
        catch (KeyFileException e)
        {
            return [Finding.Wrong(e.Message, "what the line of the API keys says")];
        }
        catch (Exception e) when (ApiPipeline.Explanation(e) is { } problem)
        {
            return [Judge(problem)];
        }
    }

    /// <summary>A start reads them too. Where there are none yet it goes on.</summary>
    private void ReadStoredKeys()
    {
        if (deployment.Service.ApiKeyFile is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            StoredKeyFile.KeysIn(new(path), deployment);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { }
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
