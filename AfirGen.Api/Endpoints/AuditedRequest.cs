using AfirGen.Api.Access;
using AfirGen.Api.Audit;

namespace AfirGen.Api.Endpoints;

/// <summary>What a request is in the audit log.</summary>
internal static class AuditedRequest
{
    public const string Done = "done";

    public static AuditEntry Entry(HttpContext context, string action, string subject = "", string outcome = Done) =>
        Entry(context, Accessor.Of(context), action, subject, outcome);

    public static AuditEntry Entry(HttpContext context, Accessor? accessor, string action, string subject, string outcome) =>
        new(
            accessor?.Principal ?? "",
            accessor?.Name ?? "",
            accessor is null ? "" : string.Join(',', RoleNames.Of(accessor.Roles)),
            action,
            subject,
            outcome,
            RemoteAddress.Of(context)
        );
}
