namespace AfirGen.Api.Access;

/// <summary>Who sent a request.</summary>
/// <param name="Name">As configured; shown to people.</param>
/// <param name="Principal">Names the key without revealing it; the scope of its idempotency keys.</param>
internal sealed record Accessor(string Name, string Principal, Role Roles)
{
    /// <summary>Everybody who reaches a service that wants no key.</summary>
    public static Accessor Local { get; } = new("local", "local", Role.All);

    /// <returns>Null on public endpoints, for those who have not signed in.</returns>
    public static Accessor? Of(HttpContext context) => context.Items[typeof(Accessor)] as Accessor;

    public static void Set(HttpContext context, Accessor accessor) => context.Items[typeof(Accessor)] = accessor;

    public bool May(Role role) => (Roles & role) == role;
}
