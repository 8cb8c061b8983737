using System.Text;

namespace AfirGen.Api.Durability;

/// <summary>
/// How the stores looked when the last run stopped cleanly: a line for each file, with its length, its time and the build that left it. A
/// file that still looks like that was closed whole and nobody has touched it since, so reading all of it may follow the start. Whatever
/// else is found (a crash, another build that may migrate, a file that was copied here) is checked before anything writes to it.
/// </summary>
internal static class CleanStop
{
    private static readonly string Build = typeof(CleanStop).Assembly.ManifestModule.ModuleVersionId.ToString("N");

    /// <summary>Durable when it returns.</summary>
    public static void Write(string path, IEnumerable<string> stores) =>
        DataFolder.CreatePrivateFile(path, Encoding.UTF8.GetBytes(string.Join('\n', stores.Where(File.Exists).Select(Look))));

    /// <returns>The stores that look as they were left.</returns>
    public static IReadOnlySet<string> Unchanged(string path, IEnumerable<string> stores)
    {
        if (!File.Exists(path))
        {
            return new HashSet<string>();
        }

        var left = File.ReadLines(path).ToHashSet();
        return stores.Where(store => File.Exists(store) && !HasLog(store) && left.Contains(Look(store))).ToHashSet();
    }

    private static bool HasLog(string store) => new FileInfo(store + "-wal") is { Exists: true, Length: > 0 };

    private static string Look(string store)
    {
        var file = new FileInfo(store);
        return $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks} {Build}";
    }
}
