using System.ComponentModel.DataAnnotations;

namespace AfirGen.Api.Drafting;

/// <summary>The police station that this service records for: configuration section <c>AfirGen:Station</c>.</summary>
internal sealed class StationOptions
{
    public const string Section = "AfirGen:Station";

    /// <summary>Short code used in official serials, <c>{Code}/{year}/{serial:0000}</c>. Letters, digits and hyphens.</summary>
    [Required, RegularExpression("^[A-Za-z0-9-]{1,16}$")]
    public string Code { get; set; } = "PS";

    /// <summary>Null reads "Not recorded" on the FIR, as do the others.</summary>
    public string? Name { get; set; }

    public string? District { get; set; }
    public string? State { get; set; }

    /// <summary>Officer in charge, who signs.</summary>
    public string? OfficerName { get; set; }

    public string? OfficerRank { get; set; }
    public string? OfficerNumber { get; set; }
}
