using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Drafting.Statutes;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Registry;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.WebEncoders;

namespace AfirGen.Api.Pages;

/// <summary>
/// The officer's and the operator's pages. What changes something goes through the same JSON API as every other client's; pages only
/// read, so they answer while the service drains, and their scripts say so and wait.
/// </summary>
internal static class PageEndpoints
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddSignIn();
        // Hindi stays readable; what means something in HTML is escaped as ever.
        builder.Services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new(System.Text.Unicode.UnicodeRanges.All));
        builder.Services.AddSingleton<CommitPulse>().AddSingleton<StatusFeed>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CommitPulse>());
    }

    public static void MapPages(this WebApplication app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription().AllowWhileDraining();
        pages.MapGet("/", context => PageAsync<ComplaintPage>(context));
        pages.MapGet("/session/{session_id}", SessionAsync);
        pages.MapGet("/firs", FirSearchPage.ShowAsync);
        pages.MapGet("/fir/{fir_number}/print", PrintAsync);
        pages.MapGet("/status", context => PageAsync<StatusPage>(context));
        pages.MapGet("/status/events", StatusEvents);
        pages.MapGet("/assets/{name}", Assets.Get).WithMetadata(new PublicEndpoint());
        pages.MapSignIn();

        var views = app.MapGroup("").WithTags("FIR records").ProducesProblems().AllowWhileDraining();
        views
            .MapGet("/view_fir_records", FirSearchPage.ShowAsync)
            .WithSummary("FIRs as a page, newest first; number, status, from and to narrow it down")
            .Produces<string>(contentType: "text/html");
        views.MapGet("/view_fir/{fir_number}", ViewAsync).WithSummary("One FIR as a page").Produces<string>(contentType: "text/html");
    }

    public static Task PageAsync<TPage>(HttpContext context, params (string Name, object? Value)[] parameters)
        where TPage : IComponent
    {
        if (!context.RequestServices.GetRequiredService<ServiceReadiness>().HasStarted)
        {
            // The keys of its forms lie in the data folder.
            return Problems.WriteAsync(context, Problems.Problem(503, "not-ready", "The service is starting."));
        }

        var all = parameters.ToDictionary(p => p.Name, p => p.Value);
        all.Add(nameof(PageComponent.View), PageView.Of(context));
        return new RazorComponentResult<TPage>(all).ExecuteAsync(context);
    }

    private static Task SessionAsync(HttpContext context, [FromRoute(Name = "session_id")] string id) =>
        PageAsync<SessionPage>(context, (nameof(SessionPage.SessionId), RequestReading.SessionId(id)));

    private static async Task ViewAsync(
        HttpContext context,
        [FromRoute(Name = "fir_number")] string number,
        [FromServices] IRegistry registry,
        [FromServices] StatuteTable statutes,
        [FromServices] ReadAudit audit
    )
    {
        var fir = await FirEndpoints.FindAsync(context, number, registry);
        audit.Note(context, AuditActions.Read, fir.FirNumber);
        await PageAsync<FirPage>(context, (nameof(FirPage.Sheet), FirSheet.Of(fir, null, statutes)));
    }

    private static async Task PrintAsync(
        HttpContext context,
        [FromRoute(Name = "fir_number")] string number,
        [FromServices] IRegistry registry,
        [FromServices] SessionStore sessions,
        [FromServices] StatuteTable statutes,
        [FromServices] ReadAudit audit
    )
    {
        var fir = await FirEndpoints.FindAsync(context, number, registry);
        audit.Note(context, AuditActions.Print, fir.FirNumber);
        var session = await sessions.FindAsync(fir.SessionId, context.RequestAborted);
        await PageAsync<FirPrintPage>(context, (nameof(FirPrintPage.Sheet), FirSheet.Of(fir, session, statutes)));
    }

    /// <summary>Ends with the key that it was opened with: a stream outlives every check at its beginning.</summary>
    private static ServerSentEventsResult<string> StatusEvents(
        HttpContext context,
        [FromServices] StatusFeed feed,
        [FromServices] AccessKeys keys
    )
    {
        var accessor = Accessor.Of(context);
        return TypedResults.ServerSentEvents(feed.ReadAsync(() => keys.StillTakes(accessor), context.RequestAborted));
    }
}
