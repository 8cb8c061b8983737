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
