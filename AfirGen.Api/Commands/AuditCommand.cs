using System.CommandLine;
using System.Globalization;
using AfirGen.Api.Audit;
using AfirGen.Api.Backup;
using AfirGen.Api.Durability;
using AfirGen.Api.Journal;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Commands;

/// <summary>Verifies the whole chain of the audit log, then lists what is asked for. Reads only, beside a running service or without one.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?> From = new("--from") { Description = "UTC, included: 2026-11-26 or 2026-11-26T08:30:00Z." };
    private static readonly Option<string?> To = new("--to") { Description = "UTC, not included." };
    private static readonly Option<string?> Key = new("--key") { Description = "Id or name of a key, or 'account NAME' of a command." };
    private static readonly Option<string?> Subject = new("--subject") { Description = "FIR number, or what else it was done to." };
    private static readonly Option<string?> Action = new("--action") { Description = "As listed: process, register, read, sign-in, …" };

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "So many of the newest; 0: none, only verify.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<string?> Noted = new("--noted")
    {
        Description =
            "SEQUENCE:HASH that was printed or logged earlier and must still be in it: else its end may have been cut off unseen.",
    };

    public static Command Create()
    {
        var command = new Command("audit", "Verify the audit log and list who did what.");
        foreach (var option in (Option[])[From, To, Key, Subject, Action, Limit, Noted])
        {
            command.Options.Add(option);
        }

        return command.Runs(RunAsync, CommonOptions.DataFolder);
    }

    private static Task RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var noted = arguments.GetValue(Noted) is { } text ? Head(text) : null;
        var filter = new AuditFilter(
            Stamp("--from", arguments.GetValue(From)),
            Stamp("--to", arguments.GetValue(To)),
            arguments.GetValue(Key) ?? "",
            arguments.GetValue(Subject) ?? "",
            arguments.GetValue(Action) ?? ""
        );
        using var db = Open(context.Part<DataFolder>());
        var verified = AuditChain.Verify(db, noted);
        var records = AuditTable.Newest(db, filter, arguments.GetValue(Limit));
        records.Reverse();
        if (verified.Fault is { } fault)
        {
            throw new AuditBrokenException($"The audit log is broken: {fault}. Right up to {verified.Head}.");
        }

        context.Terminal.Succeeded(
            new AuditReport(verified.Head.Sequence, verified.Head.ToString(), [.. records.Select(AuditLine.Of)]),
            [.. records.Select(record => AuditLine.Of(record).ToString()), $"Right, all of it, up to {verified.Head}"]
        );
        return Task.CompletedTask;
    }

    private static SqliteSession Open(DataFolder folder)
    {
        if (!File.Exists(folder.JournalFile))
        {
            throw Wrong($"There is no {folder.JournalFile}. Set --data-folder or AfirGen__DataFolder.");
        }

        var db = new SqliteSession(CheckedSqliteConnection.Open(folder.JournalFile, SqliteAccess.ReadOnly));
        if (AuditTable.Exists(db))
        {
            return db;
        }

        db.Dispose();
        throw Wrong($"{folder.JournalFile} has no audit log yet: it begins with the first start of this version.");
    }

    private static string Stamp(string option, string? text) =>
        text is null ? ""
        : DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? JournalStore.Stamp(at)
        : throw Wrong($"{option} {text}: a time like 2026-11-26T08:30:00Z is wanted.");

    private static AuditHead Head(string text) =>
        text.Split(':') is [var number, { Length: 64 } hash]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
        && hash.All(char.IsAsciiHexDigit)
            ? new(sequence, Convert.FromHexString(hash))
            : throw Wrong($"--noted {text}: as this command prints it, SEQUENCE:HASH, is wanted.");

    private static BackupException Wrong(string message) => new(BackupFault.Configuration, message);

    private sealed record AuditReport(long Verified, string Head, IReadOnlyList<AuditLine> Records);

    private sealed record AuditLine(
        long Seq,
        string At,
        string KeyId,
        string KeyName,
        string Roles,
        string Action,
        string Subject,
        string Outcome,
        string Address,
        string Hash
    )
    {
        public static AuditLine Of(AuditRecord record) =>
            new(
                record.Sequence,
                record.At,
                record.Entry.KeyId,
                record.Entry.KeyName,
                record.Entry.Roles,
                record.Entry.Action,
                record.Entry.Subject,
                record.Entry.Outcome,
                record.Entry.Address,
                record.AsHead().HexHash
            );

        public override string ToString() =>
            Printable(
                $"{Seq, 8}  {At}  {Or(KeyName), -16}  {Or(KeyId), -16}  {Action, -14}  {Or(Subject), -28}  {Outcome}  {Address}".TrimEnd()
            );

        /// <summary>A record is one line of the terminal, whatever stands in it: none may look like another one or hide it.</summary>
        private static string Printable(string line) =>
            string.Concat(line.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') ? '\ufffd' : c));

        private static string Or(string text) => text.Length == 0 ? "-" : text;
    }
}

/// <summary>The audit log is not what was written; the message says where it breaks.</summary>
internal sealed class AuditBrokenException(string message) : Exception(message);
