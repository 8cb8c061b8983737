using System.Globalization;

namespace AfirGen.Api.Doctor;

internal static class Bytes
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>In MiB, as the settings are.</summary>
    public static string Of(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.#} MiB");
}
