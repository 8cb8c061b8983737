using System.Threading.RateLimiting;
using AfirGen.Api.Audit;
using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Media;
using AfirGen.Api.Drafting.Models;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Forwarding;
using AfirGen.Api.Journal;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.MySql;
using AfirGen.Api.Reliability;
using AfirGen.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;

namespace AfirGen.Api;

/// <summary>Registers what the service consists of, a method for each concept.</summary>
internal static class ApiServices
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        Mutations.Arm(builder.Configuration);
        ListeningAddresses.UseDefault(builder);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        SecurityHeaders.AddTo(builder.Services);
        builder.Services.Configure<DrainOptions>(drain => drain.ProblemTypePrefix = Problems.TypePrefix);
        if (Mutations.Has(Mutations.DrainDoesNotWait))
        {
            builder.Services.PostConfigure<DrainOptions>(drain =>
                (drain.DrainTimeout, drain.CancellationGrace) = (TimeSpan.FromTicks(1), TimeSpan.Zero)
            );
        }

        builder
            .Services.AddOptions<ServiceOptions>()
            .Bind(builder.Configuration.GetSection(ServiceOptions.Section))
            .ValidateWith(options => options.Problem(builder.Configuration));
        builder.Services.AddSingleton(JumpingClock.Of(builder.Configuration));
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton<IConfigureOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>, RateLimit>();
        builder.Services.AddOpenApi();
    }

    public static void AddJournal(this WebApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<JournalOptions>(builder.Configuration, JournalOptions.Section);
        builder.Services.AddSingleton(provider => new DataFolder(provider.GetRequiredService<IOptions<ServiceOptions>>().Value.DataFolder));
        builder.Services.AddSingleton<CrashPoints>().AddSingleton<FatalStop>().AddSingleton<JournalMetrics>().AddSingleton<JournalStore>();
        builder.Services.AddSingleton<AuditTrail>().AddSingleton<OutsideEvents>();
    }

    public static void AddRegistry(this WebApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<ForwardingOptions>(builder.Configuration, ForwardingOptions.Section);
        var problem = FirdbConnectionString.Problem(builder.Configuration);
        if (problem is not null || string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(FirdbConnectionString.Name)))
        {
            builder.Services.AddSingleton<IRegistry, EmbeddedRegistry>();
            builder.Services.AddOptions<ForwardingOptions>().Validate(_ => problem is null, problem ?? ""); // ends the start with that line
        }
        else
        {
            builder.AddMySqlRegistry();
        }

        builder
            .Services.AddSingleton<RegistryLink>()
            .AddSingleton<ForwardingMetrics>()
            .AddSingleton<IDeliveryRecorder, RegistrationRecorder>();
        builder.Services.AddSingleton<OutboxForwarder>();
    }

    public static void AddDrafting(this WebApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<DraftingSessionOptions>(builder.Configuration, DraftingSessionOptions.Section);
        builder.Services.AddReliability();
        builder.Services.AddDrafting(builder.Configuration);
        builder.Services.AddChatDrafting<ExtractiveDraftingModel>(builder.Configuration);
        builder.Services.AddMediaReaders(builder.Configuration);
        builder.Services.AddSingleton<SessionIds>().AddSingleton<SessionStore>().AddSingleton<SessionUpkeep>().AddSingleton<StepDrafter>();
        builder.Services.AddSingleton<Intake>().AddSingleton<Review>().AddSingleton<Registration>();
    }

    public static void AddEndpoints(this WebApplicationBuilder builder) =>
        builder
            .Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true) // so that the answer can name the parameter
            .AddSingleton<Idempotency>()
            .AddSingleton<Exchange>()
            .AddSingleton<ReadAudit>()
            .AddSingleton<UploadSlots>()
            .AddSingleton<OperatorExchange>()
            .AddSingleton<Registrar>()
            .AddSingleton<FinalisationKey>()
            .AddSingleton<AuthKeyGate>()
            .AddSingleton<ReceiptSigner>()
            .AddSingleton<ReliabilityReport>()
            .AddSingleton<DurabilityReport>();

    /// <summary>Hosted services, in the order in which they start; they stop in the reverse one, so the marker goes last.</summary>
    public static void AddDurability(this WebApplicationBuilder builder)
    {
        builder.Services.AddCheckedOptions<HousekeepingOptions>(builder.Configuration, HousekeepingOptions.Section);
        var services = builder.Services;
        services
            .AddSingleton<ServiceReadiness>()
            .AddSingleton<HealthReasons>()
            .AddSingleton<RegistryBinding>()
            .AddSingleton<DurabilityMetrics>()
            .AddSingleton<AuditStart>()
            .AddSingleton<IDependencyProbe, DatabaseProbe>();
        services.AddHostedService<RunningMarker>();
        services.AddHostedSingleton<DurabilityGuard>();
        services.AddHostedSingleton<StartupSequence>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxForwarder>());
        services.AddHostedService<BacklogGauge>().AddHostedService<DiskGauges>();
        services.AddSingleton<Retention>().AddHostedService<Housekeeping>();
        services.AddHostedSingleton<Scrubber>();
        services.AddHostedSingleton<LedgerWatch>();
        services.AddHostedSingleton<IntegrityWatch>();
        services
            .AddFlushStep<ForwardOutbox>()
            .AddFlushStep<FlushJournal>()
            .AddFlushStep<FlushRegistry>()
            .AddFlushStep<StopHealthMonitoring>();
    }

    private static void AddHostedSingleton<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
