using AfirGen.Api;
using AfirGen.Api.Backup;
using AfirGen.Api.Commands;
using AfirGen.Api.Pages;

if (CommandLine.AreFor(args))
{
    return await CommandLine.RunAsync(args);
}

// Settings lie beside the program; the data folder is relative to where it was started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddServiceDefaults();
builder.AddHosting();
builder.AddJournal();
builder.AddRegistry();
builder.AddDrafting();
builder.AddEndpoints();
builder.AddDurability();
builder.AddScheduledBackup();
builder.AddPages();
builder.AddDraining();

return await builder.RunOrExplainAsync(app =>
{
    app.UsePipeline();
    app.MapRoutes();
});
