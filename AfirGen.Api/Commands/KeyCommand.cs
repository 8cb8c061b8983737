using System.CommandLine;
using System.Globalization;
using AfirGen.Api.Access;
using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Commands;

/// <summary>Creates, lists and revokes stored keys, beside a running service, which sees it within two seconds, or without one.</summary>
internal static class KeyCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "Whose it is: shown to people and recorded.",
        Required = true,
    };

    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "officer, registrar or operator; once for each.",
        Required = true,
    };

    private static readonly Option<string> Expires = new("--expires")
    {
        Description = "For how long it is taken: 90d, 12h, or never.",
        DefaultValueFactory = _ => "365d",
    };

    private static readonly Argument<string> Key = new("key") { Description = "Its id, or its name when one key alone has it." };

    public static Command Create()
    {
        var create = new Command("create", "Make a key. It is shown now and never again.");
        create.Options.Add(Name);
        create.Options.Add(Roles);
        create.Options.Add(Expires);
        var list = new Command("list", "Show the keys: whose, which roles, until when.");
        var revoke = new Command("revoke", "Take a key back. Who is signed in with it is signed out.");
        revoke.Arguments.Add(Key);

        var command = new Command("key", "API keys of the file AfirGen__ApiKeyFile.");
        command.Subcommands.Add(create.Runs(CreateAsync, CommonOptions.ApiKeyFile));
        command.Subcommands.Add(list.Runs(ListAsync, CommonOptions.ApiKeyFile));
        command.Subcommands.Add(revoke.Runs(RevokeAsync, CommonOptions.ApiKeyFile));
        return command;
    }

    private static Task CreateAsync(CommandContext context)
    {
        var roles = RoleNames.Parse(string.Join(',', context.Arguments.GetValue(Roles)!));
        if (roles == Role.None)
        {
            throw new KeyFileException($"--role must be {RoleNames.Wanted}, once for each.");
        }

        var name = context.Arguments.GetValue(Name)!;
        if (!AccessKeyOptions.IsName(name))
        {
            throw new KeyFileException("--name has 1 to 32 letters, digits, dots, hyphens or underscores.");
        }

        var now = context.Part<TimeProvider>().GetUtcNow();
        var text = KeyText.New();
        var key = StoredKey.New(text, name, roles, now, Expiry(context.Arguments.GetValue(Expires)!, now));
        Of(context)
            .Change(keys =>
            {
                keys.Add(key);
                return key;
            });
        // The key alone on the output, so that a script can take it from there.
        context.Terminal.Succeeded(new CreatedKey(key.Id, key.Name, key.Roles, key.CreatedAt, key.ExpiresAt, text), text);
        context.Terminal.Note($"Id {key.Id}, {Until(key)}. This is the only time that the key is shown.");
        return Task.CompletedTask;
    }

    private static Task ListAsync(CommandContext context)
    {
        var file = Of(context);
        var now = context.Part<TimeProvider>().GetUtcNow();
        ListedKey[] keys =
        [
            .. (file.Read() is { } bytes ? file.Parse(bytes) : []).Select(key => new ListedKey(
                key.Id,
                key.Name,
                key.Roles,
                key.ToAccessKey().LapseAt(now)?.ToString().ToLowerInvariant() ?? "valid",
                key.CreatedAt,
                key.CreatedBy,
                key.ExpiresAt,
                key.RevokedAt
            )),
        ];
        context.Terminal.Succeeded(
            keys,
            [
                .. keys.Select(key =>
                    $"{key.Id}  {key.State, -7}  {key.Name, -16}  {string.Join(',', key.Roles), -26}  {Shown(key.ExpiresAt)}"
                ),
            ]
        );
        return Task.CompletedTask;
    }

    private static Task RevokeAsync(CommandContext context)
    {
        var wanted = context.Arguments.GetValue(Key)!;
        var now = context.Part<TimeProvider>().GetUtcNow();
        var revoked = Of(context)
            .Change(keys =>
            {
                var found = keys.FindAll(key => key.RevokedAt is null && (key.Id == wanted || key.Name == wanted));
                if (found is not [var one])
                {
                    throw new KeyFileException(
                        found.Count == 0
                            ? $"No key that is not revoked has the id or the name {wanted}."
                            : $"{found.Count} keys have the name {wanted}: say which, by its id: {string.Join(", ", found.Select(key => key.Id))}."
                    );
                }

                var key = one.Revoke(now);
                keys[keys.IndexOf(one)] = key;
                return key;
            });
        context.Terminal.Succeeded(
            new RevokedKey(revoked.Id, revoked.Name, now),
            $"Revoked {revoked.Id} {revoked.Name}. A running service takes it no more within two seconds."
        );
        return Task.CompletedTask;
    }

    private static KeyFile Of(CommandContext context) =>
        context.Part<IOptions<ServiceOptions>>().Value.ApiKeyFile is { Length: > 0 } file
            ? new(file)
            : throw new KeyFileException("Say which file: --api-key-file, or AfirGen__ApiKeyFile.");

    /// <returns>Null: never.</returns>
    private static DateTimeOffset? Expiry(string text, DateTimeOffset now)
    {
        if (text == "never")
        {
            return null;
        }

        const int longest = 10_000;
        return
            text is [.. var number, var unit and ('d' or 'h')]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= longest
            ? now + (unit == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count))
            : throw new KeyFileException($"--expires {text}: 90d, 12h or never is wanted.");
    }

    private static string Until(StoredKey key) => key.ExpiresAt is null ? "valid until it is revoked" : $"valid until {key.ExpiresAt:u}";

    private static string Shown(DateTimeOffset? at) => at is null ? "never expires" : $"expires {at:u}";

    private sealed record CreatedKey(
        string Id,
        string Name,
        IReadOnlyList<string> Roles,
        DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt,
        string Key
    );

    private sealed record ListedKey(
        string Id,
        string Name,
        IReadOnlyList<string> Roles,
        string State,
        DateTimeOffset CreatedAt,
        string CreatedBy,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? RevokedAt
    );

    private sealed record RevokedKey(string Id, string Name, DateTimeOffset RevokedAt);
}
