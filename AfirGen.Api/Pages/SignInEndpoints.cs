using AfirGen.Api.Access;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Endpoints;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace AfirGen.Api.Pages;

/// <summary>Signing in and out, and the choice of a language: the forms that are posted, each with its anti-forgery token.</summary>
internal static class SignInEndpoints
{
    private const string Back = "back";
    private static readonly TimeSpan LanguageLifetime = TimeSpan.FromDays(400);

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup("").WithMetadata(new PublicEndpoint());
        forms.MapGet("/sign-in", context => ShowAsync(context, context.Request.Query[Back], null));
        forms.MapPost("/sign-in", SignInAsync);
        forms.MapPost("/sign-out", SignOutAsync);
        forms.MapPost("/language", LanguageAsync);
    }

    private static Task ShowAsync(HttpContext context, string? back, string? problem) =>
        PageEndpoints.PageAsync<SignInPage>(
            context,
            (nameof(SignInPage.Back), Local(back)),
            (nameof(SignInPage.Problem), problem is null ? null : PageView.Of(context).Texts[problem])
        );

    private static async Task SignInAsync(
        HttpContext context,
        [FromServices] IAntiforgery antiforgery,
        [FromServices] KeyGate gate,
        [FromServices] SignInLimit limit,
        [FromServices] AuditTrail audit
    )
    {
        if (!await IsOursAsync(context, antiforgery))
        {
            // Its token is of whoever was signed in when the page was made: in another tab somebody has signed in since.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await ShowAsync(context, context.Request.HasFormContentType ? (await FormAsync(context))[Back] : default, "sign-in.again");
            return;
        }

        var form = await FormAsync(context);
        var verdict = gate.Judge(context, form["key"].ToString().Trim());
        if (verdict.Accessor is not { } accessor)
        {
            await gate.RefusedAsync(context, verdict, "form");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            if (verdict.BlockedUntil is { } until)
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                Problems.SetRetryAfter(context, gate.WaitFrom(until));
            }

            await ShowAsync(context, form[Back], Text(verdict.Refusal));
            return;
        }

        if (!await limit.AdmitsAsync(context, accessor))
        {
            return;
        }

        await audit.RecordAsync(AuditedRequest.Entry(context, accessor, AuditActions.SignIn, "", AuditedRequest.Done));
        await SignIn.SignInAsync(context, accessor);
        Redirect(context, Local(form[Back]));
    }

    private static string Text(KeyRefusal? refusal) =>
        refusal switch
        {
            KeyRefusal.Limited => "sign-in.limited",
            KeyRefusal.Expired or KeyRefusal.Revoked => "sign-in.lapsed",
            _ => "sign-in.wrong",
        };

    private static async Task SignOutAsync(
        HttpContext context,
        [FromServices] IAntiforgery antiforgery,
        [FromServices] SignInLimit limit,
        [FromServices] AuditTrail audit
    )
    {
        await FormAsync(context, antiforgery);
        if (Accessor.Of(context) is { } accessor) // a stranger, whom nothing limits here, must not fill the log
        {
            if (!await limit.AdmitsAsync(context, accessor))
            {
                return;
            }

            await audit.RecordAsync(AuditedRequest.Entry(context, AuditActions.SignOut));
        }

        await context.SignOutAsync(SignIn.Scheme);
        Redirect(context, "/sign-in");
    }

    private static async Task LanguageAsync(HttpContext context, [FromServices] IAntiforgery antiforgery)
    {
        var form = await FormAsync(context, antiforgery);
        var language = form["language"].ToString();
        if (!Texts.Knows(language))
        {
            throw new Refusal(RefusalKind.BadInput, "language: en or hi is wanted.");
        }

        context.Response.Cookies.Append(
            PageView.LanguageCookie,
            language,
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = LanguageLifetime,
            }
        );
        Redirect(context, Local(form[Back]));
    }

    private static async Task<IFormCollection> FormAsync(HttpContext context, IAntiforgery antiforgery) =>
        await IsOursAsync(context, antiforgery)
            ? await FormAsync(context)
            : throw new Refusal(RefusalKind.BadInput, "form: is not one that this service gave out, or is too old. Load the page again.");

    private static async Task<bool> IsOursAsync(HttpContext context, IAntiforgery antiforgery) =>
        context.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(context);

    private static Task<IFormCollection> FormAsync(HttpContext context) => context.Request.ReadFormAsync(context.RequestAborted);

    /// <summary>After a post the browser shall GET.</summary>
    private static void Redirect(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }

    /// <summary>Never to another host: <c>//host</c> and <c>/\host</c> are addresses of other hosts.</summary>
    private static string Local(string? path) => path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";
}
