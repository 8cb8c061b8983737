using System.Net.Http.Headers;
using System.Text;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Details">Parts of the problem's detail: the field and the limit.</param>
internal sealed record BadRequest(string Name, int Status, string Type, string[] Details, Func<ApiClient, Journey, Task<Reply>> Send)
{
    public static BadRequest Post(string name, string path, string json, int status, string type, params string[] details) =>
        new(
            name,
            status,
            type,
            details,
            (client, journey) => client.SendAsync(HttpMethod.Post, Fill(path, journey), Json(Fill(json, journey)))
        );

    public static BadRequest Get(string path, int status, string type, params string[] details) =>
        new($"GET {path}", status, type, details, (client, journey) => client.GetAsync(Fill(path, journey)));

    /// <summary>POST /process with a body as it is.</summary>
    public static BadRequest Process(string name, string? contentType, byte[] body, int status, string type, params string[] details) =>
        new(name, status, type, details, (client, _) => client.SendAsync(HttpMethod.Post, "/process", Raw(contentType, body)));

    /// <summary>POST /process with these fields in a multipart form.</summary>
    public static BadRequest Form(
        string name,
        (string Field, HttpContent Value)[] fields,
        int status,
        string type,
        params string[] details
    ) => new(name, status, type, details, (client, _) => client.SendAsync(HttpMethod.Post, "/process", Multipart(fields)));

    public static BadRequest File(
        string field,
        string fileName,
        string contentType,
        byte[] bytes,
        int status,
        string type,
        params string[] details
    ) =>
        new(
            $"{field} {fileName} as {contentType}, {bytes.Length} bytes",
            status,
            type,
            details,
            (client, _) => client.UploadAsync(field, fileName, contentType, bytes)
        );

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static ByteArrayContent Raw(string? contentType, byte[] body)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return content;
    }

    private static MultipartFormDataContent Multipart((string Field, HttpContent Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields)
        {
            value.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
            {
                Name = field,
                FileName = field is "image" or "audio" ? $"{field}.png" : null,
            };
            form.Add(value);
        }

        return form;
    }

    private static string Fill(string template, Journey journey) =>
        template
            .Replace("{session}", journey.SessionId, StringComparison.Ordinal)
            .Replace("{fir}", journey.FirNumber, StringComparison.Ordinal);
}
