using System.ComponentModel.DataAnnotations;

namespace AfirGen.Api.Drafting.Sessions;

/// <summary>Configuration section <c>AfirGen:Sessions</c>.</summary>
internal sealed class DraftingSessionOptions
{
    public const string Section = "AfirGen:Sessions";

    /// <summary>A session that is idle for longer expires. Nothing is lost: it can be resumed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
