using System.Text.Json;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;

namespace AfirGen.Api.Forwarding;

/// <summary>Registry changes as they stand in the outbox.</summary>
internal static class OutboxPayload
{
    public static (string Kind, string Json) Write(RegistryChange change) =>
        change switch
        {
            RecordDraft draft => (OutboxTable.Draft, JsonSerializer.Serialize(draft, SessionJson.Stored.RecordDraft)),
            RecordPending pending => (OutboxTable.Pending, JsonSerializer.Serialize(pending, SessionJson.Stored.RecordPending)),
            Register register => (OutboxTable.Register, JsonSerializer.Serialize(register, SessionJson.Stored.Register)),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

    public static RegistryChange Read(OutboxRow row) =>
        row.Kind switch
        {
            OutboxTable.Draft => JsonSerializer.Deserialize(row.Payload, SessionJson.Stored.RecordDraft)!,
            OutboxTable.Pending => JsonSerializer.Deserialize(row.Payload, SessionJson.Stored.RecordPending)!,
            OutboxTable.Register => JsonSerializer.Deserialize(row.Payload, SessionJson.Stored.Register)!,
            _ => throw new InvalidOperationException($"Outbox row {row.Id} has the unknown kind {row.Kind}."),
        };
}
