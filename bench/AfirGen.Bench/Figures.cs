using System.Globalization;

namespace AfirGen.Bench;

/// <summary>How figures are put together and printed.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static double Median<T>(IEnumerable<T> rounds, Func<T, double> figure) => Median(rounds.Select(figure));

    public static string PerSecond(double rate) => rate.ToString("#,0", CultureInfo.InvariantCulture) + "/s";

    public static string Milliseconds(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture) + " ms";

    public static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("#,0", CultureInfo.InvariantCulture) + " MiB";
}
