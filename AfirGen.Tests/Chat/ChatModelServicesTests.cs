using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Reliability;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Chat;

public sealed class ChatModelServicesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_an_endpoint_the_fall_back_drafts_and_no_model_server_is_monitored(string? endpoint)
    {
        await using var services = Services(("ChatModel:Endpoint", endpoint));

        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Same(services.GetRequiredService<FixedDraftingModel>(), services.GetRequiredService<IDraftingModel>());
        Assert.False(services.GetRequiredService<DependencyProbes>().IsConfigured(DependencyNames.ModelServer));
    }

    [Fact]
    public async Task With_an_endpoint_the_chat_model_drafts()
    {
        await using var services = Services(("ChatModel:Endpoint", "http://localhost:11434/v1"), ("ChatModel:Model", "qwen"));

        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("chat:qwen", services.GetRequiredService<IDraftingModel>().Name);
        Assert.True(services.GetRequiredService<DependencyProbes>().IsConfigured(DependencyNames.ModelServer));
    }

    [Theory]
    [InlineData("ChatModel:Model", "", "AfirGen:ChatModel:Model must name the model")]
    [InlineData("ChatModel:Endpoint", "localhost", "AfirGen:ChatModel:Endpoint must be an absolute http or https address")]
    [InlineData("ChatModel:Endpoint", "http://u:p@host/v1", "the key belongs in AfirGen:ChatModel:ApiKey")]
    [InlineData("ChatModel:Timeout", "00:00:00", "AfirGen:ChatModel:Timeout must be between")]
    [InlineData("ChatModel:MaxConcurrentCalls", "0", "AfirGen:ChatModel:MaxConcurrentCalls must be between")]
    [InlineData("Media:OcrEndpoint", "ftp://host/ocr", "AfirGen:Media:OcrEndpoint must be")]
    [InlineData("Media:TesseractLanguages", "eng --tessdata-dir /etc", "AfirGen:Media:TesseractLanguages must be")]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it(string key, string value, string message)
    {
        await using var services = Services([
            ("ChatModel:Endpoint", "http://localhost:11434/v1"),
            ("ChatModel:Model", "qwen"),
            (key, value),
        ]);

        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(message, Assert.Single(problem.Failures), StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
        {
            values[$"AfirGen:{key}"] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReliability();
        services.AddChatDrafting<FixedDraftingModel>(configuration);
        services.AddMediaReaders(configuration);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
