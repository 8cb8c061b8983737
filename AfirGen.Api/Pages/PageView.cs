using System.Text.Encodings.Web;
using System.Text.Json;
using AfirGen.Api.Access;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Durability;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Pages;

/// <summary>What every page needs to know about the request that it answers.</summary>
public sealed class PageView
{
    public const string LanguageCookie = "afirgen-language";
    private readonly Accessor? _accessor;

    private PageView(Accessor? accessor, Texts texts)
    {
        _accessor = accessor;
        Texts = texts;
    }

    public Texts Texts { get; }

    /// <summary>Path and query, to come back to.</summary>
    public required string Here { get; init; }

    /// <summary>Goes with every form that is posted; empty where there is none.</summary>
    public required string FormToken { get; init; }

    public string? Station { get; init; }

    /// <summary>How long the service knows what it has answered to an idempotency key.</summary>
    public required TimeSpan AnswersKept { get; init; }

    public bool SignedIn => _accessor is not null;

    /// <summary>False where the service wants no key: then nobody signs in or out.</summary>
    public bool HasSession => _accessor is not null && _accessor != Accessor.Local;

    public string? Name => _accessor?.Name;

    public bool IsOfficer => _accessor?.May(Role.Officer) == true;

    public bool IsRegistrar => _accessor?.May(Role.Registrar) == true;

    public bool IsOperator => _accessor?.May(Role.Operator) == true;

    /// <summary>What the scripts need: texts, who is there, the fields of the form. JSON in which nothing can end the element around it.</summary>
    public MarkupString Script =>
        new(
            JsonSerializer.Serialize(
                new
                {
                    language = Texts.Language,
                    texts = Texts.All,
                    viewer = _accessor?.Principal ?? "",
                    answersKept = (long)AnswersKept.TotalMilliseconds,
                    officer = IsOfficer,
                    registrar = IsRegistrar,
                    fields = FirForm.Fields.Select(f => new
                    {
                        key = f.Key,
                        item = f.Item,
                        correctable = f.Correctable,
                        mandatory = f.Mandatory,
                        lines = f.TakesLines,
                    }),
                },
                Json
            )
        );

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    public static PageView Of(HttpContext context, bool withForms = true) =>
        new(Accessor.Of(context), TextsFor(context.Request))
        {
            Here = context.Request.Path + context.Request.QueryString.Value,
            FormToken = withForms ? SignIn.FormToken(context) : "",
            Station = context.RequestServices.GetRequiredService<IOptions<StationOptions>>().Value.Name,
            AnswersKept = context.RequestServices.GetRequiredService<IOptions<HousekeepingOptions>>().Value.IdempotencyRetention,
        };

    /// <summary>As chosen, else as the browser prefers, else English.</summary>
    private static Texts TextsFor(HttpRequest request)
    {
        if (request.Cookies[LanguageCookie] is { } chosen && Texts.Knows(chosen))
        {
            return Texts.In(chosen);
        }

        var preferred = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0])
            .FirstOrDefault(Texts.Knows);
        return Texts.In(preferred ?? "en");
    }
}

/// <summary>A component that is a page.</summary>
public abstract class PageComponent : ComponentBase
{
    [Parameter, EditorRequired]
    public required PageView View { get; set; }

    protected Texts Texts => View.Texts;
}
