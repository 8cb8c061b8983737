#if USE_ASPIRE
var builder = DistributedApplication.CreateBuilder(args);

builder
    .AddProject<Projects.AfirGen_Api>("api")
    .WithHttpEndpoint(port: 8000, name: "http")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health");

builder.Build().Run();
return 0;
#else
using System.Reflection;

// Without Aspire's packages this is the embedded service itself, in this process, so that signals reach it.
Console.WriteLine("UseAspire=false: the embedded service, without dashboard and containers");
return (int)Assembly.Load("AfirGen.Api").EntryPoint!.Invoke(null, [args])!;
#endif
