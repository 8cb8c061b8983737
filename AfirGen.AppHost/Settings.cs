#if USE_ASPIRE
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AfirGen.AppHost;

/// <summary>
/// What can be chosen when the application is started, e.g. <c>dotnet run --project AfirGen.AppHost -- Registry=embedded</c>:
/// <c>Registry</c> (mysql or embedded), <c>MySqlContainer</c> (name of the container, and with <c>-data</c> of its volume), <c>DataFolder</c>
/// (of the journal). <c>--tools</c> adds phpMyAdmin.
/// </summary>
internal static class Settings
{
    private const string ContainerName = "afirgen-mysql";
    private const int KeyLength = 32;

    /// <summary>False when the registry is to be <c>firs.db</c>, for which no container runtime is needed.</summary>
    public static bool KeepsRecordsInMySql(this IDistributedApplicationBuilder builder) =>
        builder.Configuration["Registry"] switch
        {
            null or "mysql" => true,
            "embedded" => false,
            var other => throw new InvalidOperationException($"Registry is {other}. Set it to mysql (the default) or embedded."),
        };

    public static string MySqlContainerName(this IDistributedApplicationBuilder builder) =>
        builder.Configuration["MySqlContainer"] ?? ContainerName;

    /// <summary>Generated at the first start and kept in the user secrets, so that a client's key stays valid.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = KeyLength, Special = false }, secret: true, persist: true);

    /// <summary>phpMyAdmin, for a look at the tables. What it changes without COMMIT is gone: the server runs with autocommit 0.</summary>
    public static IResourceBuilder<MySqlServerResource> WithTools(this IResourceBuilder<MySqlServerResource> mysql, bool wanted) =>
        wanted ? mysql.WithPhpMyAdmin() : mysql;

    /// <summary>
    /// A journal belongs to one registry: beside another one it would report its records as lost. Each kind has a folder of its own.
    /// </summary>
    public static void WithDataFolder(this IResourceBuilder<ProjectResource> api, string name)
    {
        var builder = api.ApplicationBuilder;
        var folder = builder.Configuration["DataFolder"] ?? Path.Combine(builder.AppHostDirectory, "..", "data", name);
        api.WithEnvironment(
            "AfirGen__DataFolder",
            builder.ExecutionContext.IsPublishMode ? Publishing.JournalFolder : Path.GetFullPath(folder)
        );
    }
}
#endif
