using System.Globalization;
using AfirGen.Api.Drafting;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AfirGen.Api.Pages;

/// <summary>The list of FIRs: by number, date and status.</summary>
internal static class FirSearchPage
{
    private const int PageSize = 25;
    private const int MaxNumberLength = 64;
    private static readonly string[] Statuses = [FirStatus.Draft, FirStatus.Pending, FirStatus.Finalized];

    public static async Task ShowAsync(HttpContext context, [FromServices] IRegistry registry)
    {
        var query = context.Request.Query;
        var offset = RequestReading.Number(context, "offset", 0, 0, int.MaxValue - PageSize);
        var number = Given(query["number"].ToString().Trim());
        var status = Given(query["status"]);
        var (from, to) = (Given(query["from"]), Given(query["to"]));
        if (number?.Length > MaxNumberLength)
        {
            throw new Refusal(RefusalKind.BadInput, $"number: {number.Length} characters, at most {MaxNumberLength} are taken.");
        }

        if (status is not null && !Statuses.Contains(status))
        {
            throw new Refusal(RefusalKind.BadInput, $"status: one of {string.Join(", ", Statuses)} is wanted.");
        }

        var search = new FirSearch(number, status, Midnight("from", from, 0), Midnight("to", to, 1));
        var found = await registry.SearchAsync(search, PageSize + 1, offset, context.RequestAborted);
        await PageEndpoints.PageAsync<FirListPage>(
            context,
            (nameof(FirListPage.Number), number),
            (nameof(FirListPage.Status), status),
            (nameof(FirListPage.From), from),
            (nameof(FirListPage.To), to),
            (nameof(FirListPage.IsBackwards), IsBackwards(search)),
            (nameof(FirListPage.Rows), found.Take(PageSize).Select(Row).ToList()),
            (nameof(FirListPage.NewerLink), offset == 0 ? null : Link(context, Math.Max(0, offset - PageSize))),
            (nameof(FirListPage.OlderLink), found.Count > PageSize ? Link(context, offset + PageSize) : null)
        );
    }

    private static FirRow Row(FirFound fir) =>
        new(fir.FirNumber, fir.Registration?.Number, fir.Status, FirSheet.Civil(fir.CreatedAt)!, fir.SessionId);

    /// <summary>Stamps sort as text.</summary>
    private static bool IsBackwards(FirSearch search) =>
        search is { From: { } from, Before: { } before } && string.CompareOrdinal(from, before) >= 0;

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>The instant at which a day of India begins, as the stores stamp it.</summary>
    private static string? Midnight(string name, string? day, int daysLater) =>
        day is null ? null
        : DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is > 1 and < 9999
            ? JournalStore.Stamp(new DateTimeOffset(date.AddDays(daysLater), TimeOnly.MinValue, IndianTime.Offset).ToUniversalTime())
        : throw new Refusal(RefusalKind.BadInput, $"{name}: a date like 2026-10-16 is wanted.");

    private static string Link(HttpContext context, int offset) =>
        QueryHelpers.AddQueryString(
            "/firs",
            context
                .Request.Query.Where(pair => pair.Key is "number" or "status" or "from" or "to")
                .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.ToString()))
                .Append(new("offset", offset.ToString(CultureInfo.InvariantCulture)))
        );
}
