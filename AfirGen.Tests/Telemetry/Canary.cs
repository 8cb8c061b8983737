namespace AfirGen.Tests.Telemetry;

/// <summary>A person who does not exist, planted where people's data go.</summary>
internal static class Canary
{
    public const string DevanagariName = "कनारीदेवी";
    private const string Phone = "9876501234";
    private const string Street = "Kanaripur Lane";

    public const string Complaint =
        $"canary-complaint. My name is Kalavati Canaryvati, mobile {Phone}, of 17 {Street}, Meerut. मेरा नाम {DevanagariName} है। My bag was stolen at canary-place.";

    /// <summary>What registration wants.</summary>
    public const string Fields =
        $"Name: {DevanagariName}\nAddress: 17 {Street}, Meerut\nDate of occurrence: 01/10/2026\nPlace: {Street}\nSections: 303(2)";

    /// <summary>Each as it may be written somewhere: as it is, escaped in JSON or in an address.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    ["canary", Phone, "kanaripur", DevanagariName, Escaped(DevanagariName), Uri.EscapeDataString(DevanagariName)];

    private static string Escaped(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));
}
