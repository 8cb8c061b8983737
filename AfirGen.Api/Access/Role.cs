namespace AfirGen.Api.Access;

/// <summary>What a key allows. Reading needs a key and no role.</summary>
[Flags]
internal enum Role
{
    None = 0,

    /// <summary>Take complaints in, review the drafts.</summary>
    Officer = 1,

    /// <summary>Register approved FIRs.</summary>
    Registrar = 2,

    /// <summary>Drain, resume, reset breakers, trigger recovery.</summary>
    Operator = 4,

    All = Officer | Registrar | Operator,
}

/// <summary>Roles as they are written: <c>officer,registrar</c>.</summary>
internal static class RoleNames
{
    public const string Wanted = "one or more of officer, registrar, operator";

    private static readonly Role[] Each = [Role.Officer, Role.Registrar, Role.Operator];

    /// <summary>Their names alone: a number that was meant for something else shall grant nothing.</summary>
    /// <returns>None when they cannot be read.</returns>
    public static Role Parse(string? names)
    {
        var roles = Role.None;
        foreach (var name in (names ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var named = Each.FirstOrDefault(role => role.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
            if (named == Role.None)
            {
                return Role.None;
            }

            roles |= named;
        }

        return roles;
    }

    public static IEnumerable<string> Of(Role roles) =>
        Each.Where(role => roles.HasFlag(role)).Select(role => role.ToString().ToLowerInvariant());
}

/// <summary>On an endpoint that only keys with this role may use.</summary>
internal sealed record RequiresRole(Role Role);

internal static class RequiresRoleExtensions
{
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RequiresRole(role)));
        return builder;
    }
}
