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

return await builder.RunOrExplainAsync(app =>
{
    app.UsePipeline();
    app.MapRoutes();
});
