using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Forwarding;

/// <summary>Writes down what the registry answered, in the transaction that marks the outbox row delivered (G2, G3).</summary>
internal interface IDeliveryRecorder
{
    void Record(SqliteSession db, OutboxRow row, RegistryChange change, DeliveryOutcome outcome);
}
