using AfirGen.Api.Registry.MySql;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Testing;

namespace AfirGen.Tests.AppHost.Aspire;

/// <summary>The model that the orchestrator is handed. Nothing is started: this needs no container runtime.</summary>
public sealed class ModelTests
{
    private static readonly string[] Secrets =
    [
        "--Parameters:mysql-password=test-root-password",
        "--Parameters:api-key=test-api-key",
        "--Parameters:finalisation-key=test-finalisation-key",
    ];

    [Fact]
    public async Task G7_MySQL_is_started_with_every_flag_that_the_guarantee_needs()
    {
        await using var builder = await BuilderAsync();
        var arguments = new List<object>();
        foreach (var annotation in MySql(builder).Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(new CommandLineArgsCallbackContext(arguments, TestContext.Current.CancellationToken));
        }

        Assert.Empty(MySqlFlags.Arguments.Except(arguments.OfType<string>()));
    }

    [Fact]
    public async Task G1_the_data_is_a_volume_and_the_container_outlives_the_application()
    {
        await using var builder = await BuilderAsync();
        var mysql = MySql(builder).Annotations;

        var mount = Assert.Single(mysql.OfType<ContainerMountAnnotation>());
        Assert.Equal(("afirgen-mysql-data", "/var/lib/mysql", ContainerMountType.Volume), (mount.Source, mount.Target, mount.Type));
        Assert.False(mount.IsReadOnly);
        Assert.Equal(ContainerLifetime.Persistent, mysql.OfType<ContainerLifetimeAnnotation>().Last().Lifetime);
        Assert.Equal("afirgen-mysql", mysql.OfType<ContainerNameAnnotation>().Last().Name);
        Assert.Equal("fir_db", Assert.Single(builder.Resources.OfType<MySqlDatabaseResource>()).DatabaseName);
    }

    [Fact]
    public async Task The_API_gets_the_database_waits_for_it_and_is_asked_for_its_health()
    {
        await using var builder = await BuilderAsync();
        var api = Api(builder).Annotations;

        Assert.Contains(api.OfType<WaitAnnotation>(), wait => wait.Resource.Name == "firdb");
        Assert.Contains(
            api.OfType<ResourceRelationshipAnnotation>(),
            relation => relation is { Resource.Name: "firdb", Type: "Reference" }
        );
        Assert.NotEmpty(api.OfType<HealthCheckAnnotation>());
        var endpoint = Assert.Single(api.OfType<EndpointAnnotation>());
        Assert.Equal(("http", true), (endpoint.Name, endpoint.IsExternal));
    }

    [Fact]
    public async Task The_dashboard_offers_what_an_operator_needs()
    {
        await using var builder = await BuilderAsync();

        Assert.Empty(
            ((string[])["Drain and restart", "Verify durability", "Verify ledger"]).Except(
                Api(builder).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.DisplayName)
            )
        );
        Assert.Contains(
            MySql(builder).Annotations.OfType<ResourceCommandAnnotation>(),
            command => command.DisplayName == "Show durability settings"
        );
        Assert.All(
            builder.Resources.OfType<ParameterResource>(),
            parameter => Assert.True(parameter.Secret, $"{parameter.Name} is no secret")
        );
    }

    [Fact]
    public async Task The_embedded_registry_needs_no_container_and_tools_come_only_when_asked_for()
    {
        await using var embedded = await BuilderAsync("--Registry=embedded");
        Assert.Empty(embedded.Resources.OfType<ContainerResource>());
        Assert.Empty(Api(embedded).Annotations.OfType<WaitAnnotation>());

        await using var usual = await BuilderAsync();
        Assert.Single(usual.Resources.OfType<ContainerResource>());

        await using var tools = await BuilderAsync("--tools");
        Assert.Equal(2, tools.Resources.OfType<ContainerResource>().Count());
    }

    [Fact]
    public async Task G5_what_is_published_gives_a_drain_its_time_and_keeps_the_journal_in_a_volume()
    {
        await using var builder = await BuilderAsync("--AppHost:Operation=publish");

        Assert.Equal("60s", Published(MySql(builder)).StopGracePeriod);
        var api = Published(Api(builder));
        Assert.Equal("60s", api.StopGracePeriod);
        Assert.Equal(("fir-data", "/app/data"), (Assert.Single(api.Volumes).Source, api.Volumes[0].Target));
        // The reference deployment is the same in both.
        var reference = await File.ReadAllTextAsync(
            Path.Combine(Deploy.Repository.Root, "docker-compose.yaml"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains($"stop_grace_period: {api.StopGracePeriod}", reference, StringComparison.Ordinal);
        Assert.Contains($"image: {api.Image}", reference, StringComparison.Ordinal);
        Assert.Contains("fir-data:/app/data", reference, StringComparison.Ordinal);
    }

    /// <summary>The service of a compose file after everything that the application says about it.</summary>
    private static Service Published(IResource resource)
    {
        var service = new Service { Name = resource.Name };
        foreach (var customization in resource.Annotations.OfType<DockerComposeServiceCustomizationAnnotation>())
        {
            customization.Configure(null!, service); // none of ours looks at the resource
        }

        return service;
    }

    private static Task<IDistributedApplicationTestingBuilder> BuilderAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AfirGen_AppHost>(
            [.. Secrets, .. arguments],
            TestContext.Current.CancellationToken
        );

    private static ProjectResource Api(IDistributedApplicationBuilder builder) =>
        Assert.Single(builder.Resources.OfType<ProjectResource>());

    private static MySqlServerResource MySql(IDistributedApplicationBuilder builder) =>
        Assert.Single(builder.Resources.OfType<MySqlServerResource>());
}
