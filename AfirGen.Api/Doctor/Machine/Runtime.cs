using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using AfirGen.Api.Sqlite;

namespace AfirGen.Api.Doctor.Machine;

/// <summary>.NET is the one that this was built for, and SQLite none that can corrupt its log.</summary>
internal sealed class Runtime : ICheck
{
    public string Name => "runtime";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init(); // no check before this one has opened a store
        var sqlite = SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        return Task.FromResult<IReadOnlyList<Finding>>([JudgeDotnet(RuntimeInformation.FrameworkDescription), JudgeSqlite(sqlite)]);
    }

    /// <param name="description">As .NET gives it: <c>.NET 10.0.1</c>.</param>
    public static Finding JudgeDotnet(string description)
    {
        var wanted = new FrameworkName(AppContext.TargetFrameworkName!).Version;
        var found = description.Split(' ')[^1];
        return Version.TryParse(found, out var version) && version.Major == wanted.Major
            ? Finding.Right(description)
            : Finding.Wrong(
                $"{description}, built and proven for {wanted.Major}.{wanted.Minor}, no preview",
                $"apt-get install aspnetcore-runtime-{wanted.Major}.{wanted.Minor}   # or a new image: eng/api-image.sh"
            );
    }

    public static Finding JudgeSqlite(string version)
    {
        try
        {
            CheckedSqliteConnection.RequireSafeVersion(version);
            return Finding.Right($"SQLite {version}");
        }
        catch (StoreNotDurableException e)
        {
            return Finding.Wrong(e.Message, "eng/api-image.sh && docker-compose up -d   # or ./run.sh: the build brings its own SQLite");
        }
    }
}
