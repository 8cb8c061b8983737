using System.Net;
using System.Text;
using AfirGen.Api.Registry;

namespace AfirGen.Api.Endpoints;

/// <summary>Two plain pages. Text is stored as given and escaped here, on its way out.</summary>
internal static class HtmlViews
{
    public static string List(IReadOnlyList<FirListing> records)
    {
        var rows = new StringBuilder();
        foreach (var record in records)
        {
            var number = WebUtility.HtmlEncode(record.FirNumber);
            rows.Append(
                $"""<tr><td>{number}</td><td>{WebUtility.HtmlEncode(record.Status)}</td><td>{WebUtility.HtmlEncode(record.CreatedAt)}</td><td><a href="/view_fir/{number}">View</a></td></tr>"""
            );
        }

        return Page(
            "FIR records",
            $"<table><thead><tr><th>FIR Number</th><th>Status</th><th>Created At</th><th></th></tr></thead><tbody>{rows}</tbody></table>"
        );
    }

    public static string Fir(FirRecord fir)
    {
        var status =
            $"<p>Status: {WebUtility.HtmlEncode(fir.Status)}{(fir.Registration is null ? "" : $", registered as {WebUtility.HtmlEncode(fir.Registration.Number)}")}</p>";
        return Page(fir.FirNumber, $"{status}<pre>{WebUtility.HtmlEncode(fir.FirContent ?? fir.ComplaintText)}</pre>");
    }

    private static string Page(string title, string body) =>
        $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{WebUtility.HtmlEncode(
                title
            )}</title></head>
            <body><h1>{WebUtility.HtmlEncode(title)}</h1>{body}</body></html>
            """;
}
