namespace AfirGen.Api.Audit;

/// <summary>What is recorded. The words stand in the records for good.</summary>
internal static class AuditActions
{
    public const string SignIn = "sign-in";
    public const string SignOut = "sign-out";

    /// <summary>A key that was not taken, in a header, a cookie or the form of the sign-in page; or one without the role.</summary>
    public const string Refused = "key-refused";
    public const string Process = "process";
    public const string Approve = "approve";
    public const string Correct = "correct";
    public const string Regenerate = "regenerate";
    public const string ResumeSession = "resume-session";
    public const string Register = "register";
    public const string Read = "read";
    public const string Print = "print";
    public const string Drain = "drain";
    public const string Resume = "resume";
    public const string ResetBreaker = "reset-breaker";
    public const string TriggerRecovery = "trigger-recovery";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string KeyCreate = "key-create";
    public const string KeyChange = "key-change";
    public const string KeyRevoke = "key-revoke";
    public const string KeyRemove = "key-remove";
}
