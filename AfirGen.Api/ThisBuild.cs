using System.Reflection;

namespace AfirGen.Api;

/// <summary>What was built: its version and, where the sources are under version control, the commit.</summary>
internal static class ThisBuild
{
    public static string Version { get; } =
        typeof(ThisBuild).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
