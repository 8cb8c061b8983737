using System.Globalization;

namespace AfirGen.Api.Drafting;

/// <summary>
/// Civil time of India, which is UTC+05:30 all year. A constant and not a lookup by zone id: container images come without tzdata,
/// and a wrong date on an FIR (D-13) is worse than any generality.
/// </summary>
internal static class IndianTime
{
    public static readonly TimeSpan Offset = new(5, 30, 0);

    public static DateTimeOffset Of(DateTimeOffset instant) => instant.ToOffset(Offset);

    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Of(instant).DateTime);

    public static string Format(DateTimeOffset instant) => Of(instant).ToString("dd/MM/yyyy HH:mm 'IST'", CultureInfo.InvariantCulture);

    public static string Format(DateOnly date) => date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
