#if USE_ASPIRE
var builder = DistributedApplication.CreateBuilder(args);
builder.AddProject<Projects.AfirGen_Api>("api");
builder.Build().Run();
#else
System.Console.WriteLine("x");
#endif
