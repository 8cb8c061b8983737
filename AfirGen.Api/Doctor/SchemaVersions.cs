using System.Reflection;
using FluentMigrator;

namespace AfirGen.Api.Doctor;

/// <summary>A store's migrations against those of this build.</summary>
internal static class SchemaVersions
{
    public const string Query = "SELECT Version FROM VersionInfo ORDER BY Version";

    /// <param name="tag">Of the store.</param>
    public static IReadOnlyList<long> OfThisBuild(string tag) =>
        [
            .. typeof(SchemaVersions)
                .Assembly.GetTypes()
                .Where(type => type.GetCustomAttribute<FluentMigrator.TagsAttribute>()?.TagNames.Contains(tag) == true)
                .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Version)
                .Order(),
        ];

    /// <param name="found">Of the store.</param>
    public static Finding Judge(string store, string tag, IReadOnlyList<long> found, Mending mending)
    {
        var wanted = OfThisBuild(tag);
        if (found.Except(wanted).ToList() is { Count: > 0 } unknown)
        {
            return Finding.Wrong(
                $"{store}: schema {unknown.Max()} is newer than this build, which knows {wanted[^1]}",
                $"{(mending.InContainer ? "git checkout VERSION && eng/api-image.sh && docker-compose up -d" : "git checkout VERSION && ./run.sh")}"
                    + "   # the version that migrated it: there is no way back on the same data"
            );
        }

        return wanted.Except(found).ToList() is { Count: > 0 } missing
            ? Finding.Wrong($"{store}: the schema lacks {string.Join(", ", missing)}, which this build brings", mending.RestartService)
            : Finding.Right($"{store}: schema {wanted[^1]}, this build's");
    }
}
