namespace AfirGen.Bench.Load;

/// <summary>A complaint of ordinary length that has every fact which registration wants.</summary>
internal static class Complaint
{
    public static string Text(string mark) =>
        $"My name is Asha Rao, w/o Vijay Rao, resident of 14 MG Road, Pune, mobile 9876543210. On 20/11/2026 at about 7:30 pm an unknown man "
        + $"snatched my gold chain worth Rs 45,000 near Shivaji Market, Pune and ran away. Two shopkeepers saw him. Note {mark}.";
}
