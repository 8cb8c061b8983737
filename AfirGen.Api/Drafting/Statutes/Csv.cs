using System.Text;

namespace AfirGen.Api.Drafting.Statutes;

/// <summary>Reads the CSV tables that are embedded beside this file: a header line, then records with quoted fields where needed.</summary>
internal static class Csv
{
    public static IReadOnlyList<string[]> ReadEmbedded(string fileName, params string[] expectedHeader)
    {
        var resource = $"{typeof(Csv).Namespace}.{fileName}";
        using var stream =
            typeof(Csv).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidDataException($"The embedded table {resource} is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        var records = Parse(reader.ReadToEnd());
        if (records.Count == 0 || !records[0].SequenceEqual(expectedHeader))
        {
            throw new InvalidDataException($"{fileName} does not start with the header {string.Join(',', expectedHeader)}.");
        }
        if (records.FirstOrDefault(r => r.Length != expectedHeader.Length) is { } odd)
        {
            throw new InvalidDataException($"{fileName} has a record of {odd.Length} fields: {string.Join(',', odd)}.");
        }
        return records[1..];
    }

    internal static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted)
            {
                field.Append(c);
            }
            else if (c == ',')
            {
                Take();
            }
            else if (c == '\n')
            {
                Take();
                records.Add([.. fields]);
                fields.Clear();
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }
        if (field.Length > 0 || fields.Count > 0)
        {
            Take();
            records.Add([.. fields]);
        }
        return records;

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
