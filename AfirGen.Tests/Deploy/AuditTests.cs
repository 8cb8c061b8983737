using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AfirGen.Tests.Stack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AfirGen.Tests.Deploy;

/// <summary><c>eng/audit.sh</c> with the real <c>dotnet</c> on the real solution. The package sources are stand-ins that hold advisories alone.</summary>
public sealed class AuditTests
{
    private const string Package = "mysqlconnector"; // one that the service uses

    [Fact]
    public async Task A_package_with_an_advisory_of_a_stand_in_source_is_a_finding()
    {
        await using var source = await StandInSource.StartAsync(Package, "(, 99.0.0)");

        var (exitCode, output, error) = Audit(source);

        Assert.True(exitCode == 1, $"{exitCode}: {output}{error}");
        Assert.Contains("Advisories for 1 packages", output, StringComparison.Ordinal);
        Assert.Matches($"(?i){Package} [0-9.]+: .*https://advisories.example/1", output);
    }

    [Fact]
    public async Task A_stand_in_source_with_advisories_for_other_versions_is_no_finding()
    {
        await using var source = await StandInSource.StartAsync(Package, "(, 0.0.1)");

        var (exitCode, output, error) = Audit(source);

        Assert.True(exitCode == 0, $"{exitCode}: {output}{error}");
        Assert.Matches("None of [0-9]{2,} packages has a known vulnerability", output);
    }

    [Fact]
    public async Task A_stand_in_source_without_advisories_is_never_taken_for_a_clean_bill()
    {
        await using var source = await StandInSource.StartAsync(null, "");

        var (exitCode, output, _) = Audit(source);
        var (required, _, _) = Audit(source, "--require-advisories");

        Assert.Equal((0, 1), (exitCode, required));
        Assert.Contains($"No advisory data from this source: {source.Index}", output, StringComparison.Ordinal);
        Assert.Contains("NOT CHECKED", output, StringComparison.Ordinal);
        Assert.DoesNotContain("None of", output, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Audit(StandInSource source, params string[] arguments) =>
        Command.Try(Path.Combine(Repository.Root, "eng", "audit.sh"), ["--source", source.Index, .. arguments]);

    /// <summary>As much of a NuGet server as it takes to be asked for advisories.</summary>
    private sealed class StandInSource : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private StandInSource(WebApplication app) => _app = app;

        public string Index => $"{Address}/index.json";

        private string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        /// <param name="package">In small letters; null: it offers no advisories.</param>
        /// <param name="versions">A range of NuGet's.</param>
        public static async Task<StandInSource> StartAsync(string? package, string versions)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var source = new StandInSource(builder.Build());
            source._app.MapGet("/index.json", () => Json(source.ServiceIndex(package is not null)));
            source._app.MapGet("/advisories.json", () => Json(source.Pages()));
            source._app.MapGet("/page.json", () => Json(Page(package!, versions)));
            await source._app.StartAsync();
            return source;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private static IResult Json(JsonNode node) => Results.Text(node.ToJsonString(), "application/json", Encoding.UTF8);

        private JsonObject ServiceIndex(bool advisories)
        {
            var resources = new JsonArray(
                Resource("flat/", "PackageBaseAddress/3.0.0"),
                Resource("registration/", "RegistrationsBaseUrl/3.6.0")
            );
            if (advisories)
            {
                resources.Add(Resource("advisories.json", "VulnerabilityInfo/6.7.0"));
            }

            return new() { ["version"] = "3.0.0", ["resources"] = resources };
        }

        private JsonObject Resource(string path, string type) => new() { ["@id"] = $"{Address}/{path}", ["@type"] = type };

        private JsonArray Pages() =>
            new(
                new JsonObject
                {
                    ["@name"] = "base",
                    ["@id"] = $"{Address}/page.json",
                    ["@updated"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
                    ["comment"] = "",
                }
            );

        private static JsonObject Page(string package, string versions) =>
            new()
            {
                [package] = new JsonArray(
                    new JsonObject
                    {
                        ["url"] = "https://advisories.example/1",
                        ["severity"] = 2,
                        ["versions"] = versions,
                    }
                ),
            };
    }
}
