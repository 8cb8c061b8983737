#if USE_ASPIRE
using AfirGen.Api.Registry.MySql;
using AfirGen.AppHost;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddComposePublishing();

var apiKey = builder.AddGeneratedSecret("api-key");
var finalisationKey = builder.AddGeneratedSecret("finalisation-key");

var api = builder
    .AddProject<Projects.AfirGen_Api>("api")
    .WithEnvironment("AfirGen__ApiKey", apiKey)
    .WithEnvironment("AfirGen__FinalisationKey", finalisationKey)
    .WithHttpEndpoint(port: 8000, name: "http")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithLinks()
    .WithOperatorCommands(apiKey)
    .PublishWithJournal();

if (builder.KeepsRecordsInMySql())
{
    var mysql = builder
        .AddMySql("mysql")
        .WithContainerName(builder.MySqlContainerName())
        .WithArgs(MySqlFlags.Arguments.ToArray())
        .WithEnvironment("MYSQL_DATABASE", "fir_db") // where it is published, nobody else creates it
        .WithDataVolume($"{builder.MySqlContainerName()}-data")
        .WithLifetime(ContainerLifetime.Persistent)
        .WithDurabilityCommand()
        .WithTools(args.Contains("--tools"))
        .PublishWithGracePeriod();
    var firdb = mysql.AddDatabase("firdb", "fir_db");
    api.WithReference(firdb).WaitFor(firdb).WithDataFolder("aspire");
}
else
{
    api.WithDataFolder("aspire-embedded");
}

await builder.Build().RunAsync();
return 0;
#else
using System.Reflection;

// Without Aspire's packages this is the embedded service itself, in this process, so that signals reach it.
Console.WriteLine("UseAspire=false: the embedded service, without dashboard and containers");
if (Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is not null)
{
    Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null); // of the launch profile: the dashboard's, that there is none of
}

return (int)Assembly.Load("AfirGen.Api").EntryPoint!.Invoke(null, [args])!;
#endif
