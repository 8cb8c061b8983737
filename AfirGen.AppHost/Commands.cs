#if USE_ASPIRE
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace AfirGen.AppHost;

/// <summary>What the dashboard offers beside start, stop and restart. What the commands do stands in <see cref="OperatorClient"/>.</summary>
internal static class Commands
{
    public static IResourceBuilder<ProjectResource> WithLinks(this IResourceBuilder<ProjectResource> api) =>
        api.WithUrlForEndpoint("http", url => url.DisplayText = "AfirGen")
            .WithUrlForEndpoint("http", endpoint => Link(endpoint, "/docs", "API reference"))
            .WithUrlForEndpoint("http", endpoint => Link(endpoint, "/durability", "Durability (wants the key)"));

    public static IResourceBuilder<ProjectResource> WithOperatorCommands(
        this IResourceBuilder<ProjectResource> api,
        IResourceBuilder<ParameterResource> apiKey
    )
    {
        var endpoint = api.GetEndpoint("http");
        var client = new OperatorClient(
            () => new Uri(endpoint.Url),
            async cancellation => await apiKey.Resource.GetValueAsync(cancellation)
        );
        return api.WithCommand(
                "drain-and-restart",
                "Drain and restart",
                async command =>
                    Result(
                        await client.DrainAndRestartAsync(cancellation => RestartAsync(command, cancellation), command.CancellationToken)
                    ),
                new CommandOptions
                {
                    Description = "Lets requests in flight complete, flushes both stores, restarts. The plain restart kills after 6 s.",
                    ConfirmationMessage = "New requests are told to come back (503) until the service has started again. Go on?",
                    IconName = "ArrowSyncCheckmark",
                    IsHighlighted = true,
                    UpdateState = WhileRunning,
                }
            )
            .WithCommand(
                "verify-durability",
                "Verify durability",
                async command => Result(await client.VerifyDurabilityAsync(command.CancellationToken)),
                Options("Reads the settings that the guarantee needs from the live connections.", "ShieldCheckmark")
            )
            .WithCommand(
                "verify-ledger",
                "Verify ledger",
                async command => Result(await client.VerifyLedgerAsync(command.CancellationToken)),
                Options("Computes the hashes of all registered FIRs anew.", "DocumentCheckmark")
            );
    }

    public static IResourceBuilder<MySqlServerResource> WithDurabilityCommand(this IResourceBuilder<MySqlServerResource> mysql) =>
        mysql.WithCommand(
            "show-durability-settings",
            "Show durability settings",
            async command =>
                Result(
                    await MySqlSettings.ShowAsync(
                        await mysql.Resource.ConnectionStringExpression.GetValueAsync(command.CancellationToken) ?? "",
                        command.CancellationToken
                    )
                ),
            Options("What the running server says about the flags that it was started with.", "ShieldCheckmark")
        );

    private static ResourceUrlAnnotation Link(EndpointReference endpoint, string path, string text) =>
        new()
        {
            Url = path,
            DisplayText = text,
            Endpoint = endpoint,
        };

    private static CommandOptions Options(string description, string icon) =>
        new()
        {
            Description = description,
            IconName = icon,
            UpdateState = WhileRunning,
        };

    private static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static async Task<CommandOutcome> RestartAsync(ExecuteCommandContext command, CancellationToken cancellationToken)
    {
        var commands = command.Services.GetRequiredService<ResourceCommandService>();
        var result = await commands.ExecuteCommandAsync(command.ResourceName, KnownResourceCommands.RestartCommand, cancellationToken);
        return new(result.Success, result.Success ? "" : "the reason stands in the log of the resource.");
    }

    private static ExecuteCommandResult Result(CommandOutcome outcome) =>
        outcome.Success ? CommandResults.Success(outcome.Text) : CommandResults.Failure(outcome.Text);
}
#endif
