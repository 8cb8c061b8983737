using System.Text.Json;
using System.Text.Json.Serialization;
using AfirGen.Api.Durability;

namespace AfirGen.Api.Access;

/// <summary>
/// The file of stored keys (<c>AfirGen:ApiKeyFile</c>): written by commands, read by the service. It is complete under its name or not
/// there, whatever is cut in between, and only its owner may read it.
/// </summary>
internal sealed class KeyFile(string path)
{
    private const int Format = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <returns>Null when there is no file.</returns>
    /// <exception cref="KeyFileException">It cannot be read.</exception>
    public byte[]? Read()
    {
        try
        {
            return File.Exists(Path) ? File.ReadAllBytes(Path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The API key file {Path} cannot be read: {e.Message} Does it belong to the service's account?");
        }
    }

    /// <exception cref="KeyFileException">It is damaged. Half of it is not used: a lost line could be a revocation.</exception>
    public IReadOnlyList<StoredKey> Parse(byte[] bytes)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(bytes, Json);
            var problem =
                content is not { Format: Format } ? $"its format is not {Format}"
                : content.Keys.Any(key => key is null) ? "a key is empty" // nothing in JSON's contract forbids that
                : content.Keys.DistinctBy(key => key.Id).Count() < content.Keys.Count ? "a key is there twice"
                : content.Keys.Select(key => key.Problem()).FirstOrDefault(found => found is not null);
            return problem is null ? content!.Keys : throw Damaged(problem);
        }
        catch (JsonException e)
        {
            throw Damaged($"line {e.LineNumber + 1} cannot be read");
        }
    }

    /// <summary>Reads, changes and writes, alone: of two commands at once, one is refused, so that no revocation is lost.</summary>
    /// <returns>What <paramref name="change"/> returns, once the file is on the disk.</returns>
    /// <exception cref="KeyFileException">Nothing was changed.</exception>
    public T Change<T>(Func<List<StoredKey>, T> change)
    {
        try
        {
            using var alone = new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            List<StoredKey> keys = Read() is { } bytes ? [.. Parse(bytes)] : [];
            var result = change(keys);
            DataFolder.CreatePrivateFile(Path, JsonSerializer.SerializeToUtf8Bytes(new Content(Format, keys), Json), replace: true);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The API key file {Path} cannot be changed: {e.Message} Is another command changing it?");
        }
    }

    private KeyFileException Damaged(string how) =>
        new($"The API key file {Path} is damaged: {how}. Put back a copy of it, or move it away and create new keys.") { IsDamage = true };

    private sealed record Content(int Format, IReadOnlyList<StoredKey> Keys);
}

/// <summary>The file cannot be used; the message says why and what to do, in one line.</summary>
internal sealed class KeyFileException(string message) : Exception(message)
{
    public bool IsDamage { get; init; }
}
