using System.ComponentModel.DataAnnotations;

namespace AfirGen.Api.Forwarding;

/// <summary>Configuration section <c>AfirGen:Forwarding</c>.</summary>
internal sealed class ForwardingOptions
{
    public const string Section = "AfirGen:Forwarding";

    /// <summary>Rows that one registry transaction delivers at most.</summary>
    [Range(1, 10_000)]
    public int MaxBatchSize { get; set; } = 256;

    /// <summary>How long an answer waits for the registry before it goes out with <c>X-Durability: journal</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ConfirmationTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a registration waits for its official serial.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RegistrationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause between two attempts while the registry is away; the first is a fiftieth of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the drain waits for the outbox to empty.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(4);
}
