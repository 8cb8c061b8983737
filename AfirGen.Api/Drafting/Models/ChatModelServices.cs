using System.ClientModel;
using System.ClientModel.Primitives;
using AfirGen.Api.Reliability;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;

namespace AfirGen.Api.Drafting.Models;

internal static class ChatModelServices
{
    public const string HttpClientName = "chat-model";

    /// <summary>
    /// <see cref="IDraftingModel"/> is the chat model when <c>AfirGen:ChatModel:Endpoint</c> is set, with <typeparamref name="TFallback"/>
    /// behind it; else <typeparamref name="TFallback"/> itself. Needs <see cref="ReliabilityServices.AddReliability"/>.
    /// </summary>
    public static IServiceCollection AddChatDrafting<TFallback>(this IServiceCollection services, IConfiguration configuration)
        where TFallback : class, IDraftingModel
    {
        services
            .AddOptions<ChatModelOptions>()
            .Bind(configuration.GetSection(ChatModelOptions.Section))
            .ValidateWith(options => options.Problem());
        services.AddUnretriedHttpClient(HttpClientName);

        services.TryAddSingleton<TFallback>();
        services.TryAddSingleton(ChatClient);
        services.TryAddSingleton<ChatQuestions>();
        services.AddSingleton<IDependencyProbe, ModelServerProbe>();
        services.AddSingleton<IDraftingModel>(provider =>
        {
            var fallback = provider.GetRequiredService<TFallback>();
            return provider.GetRequiredService<IOptions<ChatModelOptions>>().Value.IsUsed
                ? ActivatorUtilities.CreateInstance<ChatDraftingModel>(provider, fallback)
                : fallback;
        });
        return services;
    }

    private static IChatClient ChatClient(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ChatModelOptions>>().Value;
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName);

        // The SDK refuses an empty key; servers that want none ignore this one.
        var key = new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey);
        var client = new OpenAIClient(
            key,
            new OpenAIClientOptions
            {
                Endpoint = options.Endpoint,
                Transport = new HttpClientPipelineTransport(http),
                // Time limits and retries are DependencyCall's. Two layers of either would multiply.
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
            }
        );
        return client.GetChatClient(options.Model).AsIChatClient();
    }
}
