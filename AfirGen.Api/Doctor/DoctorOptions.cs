namespace AfirGen.Api.Doctor;

/// <summary>Configuration section <c>AfirGen:Doctor</c>: where to look besides what the service's own settings say.</summary>
internal sealed class DoctorOptions
{
    public const string Section = "AfirGen:Doctor";

    /// <summary>Where the service is reached from here; default: the address that it is configured to listen on.</summary>
    public string? Url { get; set; }

    /// <summary>Address of the Prometheus that watches the service.</summary>
    public string? Prometheus { get; set; }

    /// <summary>Name of the service's container, or <c>-</c>: what <c>docker inspect</c> says of it comes by the input.</summary>
    public string? Container { get; set; }
}
