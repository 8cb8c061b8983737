using FluentMigrator.Runner;

namespace AfirGen.Api.Sqlite;

/// <summary>
/// Schemas go forward only. The runner itself passes over migrations that it does not know, and an older version would write rows that
/// lack what the newer one relies on.
/// </summary>
internal static class SchemaVersion
{
    /// <param name="runner">The scope of a runner that is about to migrate a store.</param>
    /// <returns>The newest migration that was applied to the store and that this version does not have; null when it has all of them.</returns>
    public static long? Unknown(IServiceProvider runner)
    {
        var known = runner.GetRequiredService<IMigrationInformationLoader>().LoadMigrations();
        return runner
            .GetRequiredService<IVersionLoader>()
            .VersionInfo.AppliedMigrations()
            .Where(version => !known.ContainsKey(version))
            .Select(version => (long?)version)
            .Max();
    }
}
