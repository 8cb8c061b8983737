using AfirGen.Api.Endpoints;

namespace AfirGen.Api.Access;

/// <summary>A key as its file has it: nothing from which the key itself could be had.</summary>
/// <param name="Id">The first 16 digits of <paramref name="Sha256"/>.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="CreatedBy">The account of the operating system that ran the command.</param>
/// <param name="ExpiresAt">UTC; null: never.</param>
/// <param name="Sha256">Of the key's UTF-8 bytes: 64 hexadecimal digits.</param>
internal sealed record StoredKey(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? RevokedBy,
    string Sha256
)
{
    public static StoredKey New(string key, string name, Role roles, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var hash = Secrets.Hash(key);
        return new(
            AccessKey.IdOf(hash),
            name,
            [.. RoleNames.Of(roles)],
            now,
            Environment.UserName,
            expiresAt,
            null,
            null,
            Convert.ToHexStringLower(hash)
        );
    }

    public StoredKey Revoke(DateTimeOffset now) => this with { RevokedAt = now, RevokedBy = Environment.UserName };

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Problem() =>
        !AccessKeyOptions.IsName(Name) ? $"the key {Id} has no name that can be one"
        : RoleNames.Parse(string.Join(',', Roles)) == Role.None ? $"the roles of '{Name}' are not {RoleNames.Wanted}"
        : Sha256.Length != 64 || !Sha256.All(char.IsAsciiHexDigitLower) ? $"the hash of '{Name}' is no SHA-256"
        : !Sha256.StartsWith(Id, StringComparison.Ordinal) || Id.Length != 16 ? $"hash and id of '{Name}' do not fit each other"
        : null;

    public AccessKey ToAccessKey() =>
        new(new(Name, Id, RoleNames.Parse(string.Join(',', Roles))), Convert.FromHexString(Sha256), IsUnguessable: true)
        {
            ExpiresAt = ExpiresAt,
            RevokedAt = RevokedAt,
        };
}
