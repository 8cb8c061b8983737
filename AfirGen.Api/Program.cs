using AfirGen.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddHosting();
builder.AddJournal();
builder.AddRegistry();
builder.AddDrafting();
builder.AddEndpoints();
builder.AddDurability();
builder.AddDraining();

var app = builder.Build();
app.UsePipeline();
app.MapRoutes();
return await app.RunOrExplainAsync();
