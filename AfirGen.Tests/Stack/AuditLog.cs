namespace AfirGen.Tests.Stack;

/// <summary>A record of the audit log as it is on the disk.</summary>
internal sealed record AuditRow(long Seq, string KeyName, string Roles, string Action, string Subject, string Outcome, string Address)
{
    public override string ToString() => $"{KeyName} {Action} {Subject} {Outcome}";
}

internal static class AuditLog
{
    public static List<AuditRow> Audit(this Stores stores, string where = "1 = 1") =>
        stores.Journal(
            $"SELECT seq, key_name, roles, action, subject, outcome, address FROM audit_log WHERE {where} ORDER BY seq",
            row => new AuditRow(
                row.GetInt64(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6)
            )
        );

    /// <summary>Waits for what is noted behind an answer's back.</summary>
    public static async Task<List<AuditRow>> AuditedAsync(this Stores stores, string where, int count)
    {
        await Eventually.TrueAsync(
            () => stores.Audit(where).Count == count,
            $"{count} records with {where}: {string.Join(", ", stores.Audit(where))}"
        );
        return stores.Audit(where);
    }
}
