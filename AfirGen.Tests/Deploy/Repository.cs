namespace AfirGen.Tests.Deploy;

/// <summary>The folder that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AfirGen.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("AfirGen.sln was not found above the tests.");
        }

        return folder.FullName;
    }
}
