using System.Globalization;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Drafting.Statutes;
using AfirGen.Api.Registry;

namespace AfirGen.Api.Pages;

/// <summary>A row of the list.</summary>
/// <param name="Created">As people in India write it.</param>
public sealed record FirRow(string Number, string? Official, string Status, string Created, string SessionId);

/// <param name="Part">Within its item: "3a"; null when the item has no parts.</param>
/// <param name="IsBlock">Stands below its label instead of beside it.</param>
public sealed record SheetField(string Key, string? Part, string Value, bool Recorded, bool IsBlock);

public sealed record SheetItem(int Number, IReadOnlyList<SheetField> Fields);

/// <param name="Checked">False when a check was wanted and failed.</param>
public sealed record SheetSection(string Section, string Title, string? Cognizable, string? Bailable, string? Court, bool Checked);

/// <summary>An FIR as it is shown and printed.</summary>
public sealed record FirSheet
{
    private const int LongValue = 160;

    public required string FirNumber { get; init; }
    public required string SessionId { get; init; }

    /// <summary>Null until it is registered.</summary>
    public string? Official { get; init; }
    public required string Status { get; init; }
    public required string Created { get; init; }
    public string? Registered { get; init; }
    public long? LedgerPosition { get; init; }
    public string? RecordHash { get; init; }

    /// <summary>As recorded, see <see cref="ReadableText"/>.</summary>
    public required string Text { get; init; }

    /// <summary>The filled form; empty when only the text is known.</summary>
    public IReadOnlyList<SheetItem> Items { get; init; } = [];
    public IReadOnlyList<SheetSection> Sections { get; init; } = [];
    public IReadOnlyList<string> Remarks { get; init; } = [];

    internal static FirSheet Of(FirRecord fir, SessionState? session, StatuteTable statutes)
    {
        var sheet = new FirSheet
        {
            FirNumber = fir.FirNumber,
            SessionId = fir.SessionId,
            Official = fir.Registration?.Number,
            Status = fir.Status,
            Created = Civil(fir.CreatedAt)!,
            Registered = Civil(fir.FinalizedAt),
            LedgerPosition = fir.Entry?.Position,
            RecordHash = fir.Entry?.RecordHash,
            Text = ReadableText.Of(fir.FirContent ?? fir.ComplaintText),
        };
        // The record is what counts: fields of a session that says something else are not printed as if they were the record's.
        return session is { Fields.Count: > 0 } && session.FirContent == fir.FirContent
            ? sheet with
            {
                Items =
                [
                    .. FirForm.Items.Select(item => new SheetItem(
                        item.Number,
                        [.. session.Fields.Where(field => ItemOf(field) == item.Number).Select(field => Shown(field, fir))]
                    )),
                ],
                Sections =
                [
                    .. SectionNotes
                        .Apply(session.Sections, session.Notes, statutes)
                        .Select(s => new SheetSection(ReadableText.Of(s.Section), s.Title, s.Cognizable, s.Bailable, s.Court, s.Checked)),
                ],
                Remarks = [.. OfficerNotes.Remarks(session.Notes).Select(remark => ReadableText.Of(remark.Text))],
            }
            : sheet;
    }

    /// <summary>A stamp of the stores in civil time of India.</summary>
    internal static string? Civil(string? stamp) =>
        stamp is null ? null : IndianTime.Format(DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private static SheetField Shown(RenderedField field, FirRecord fir)
    {
        var part = char.IsAsciiLetter(field.Item[^1]) ? field.Item : null;
        // The text was rendered before the number was assigned, perhaps in the year before; the record knows both.
        var assigned = (field.Key, fir.Registration) switch
        {
            (FieldKeys.RegistrationNumber, { } number) => number.Number,
            (FieldKeys.Year, { } number) => number.Year.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        return assigned is not null
            ? new(field.Key, part, assigned, Recorded: true, IsBlock: false)
            : new(
                field.Key,
                part,
                ReadableText.Of(field.Value),
                field.Recorded,
                field.Value.Length > LongValue || field.Value.Contains('\n')
            );
    }

    private static int ItemOf(RenderedField field) =>
        int.Parse(field.Item.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz"), CultureInfo.InvariantCulture);
}
