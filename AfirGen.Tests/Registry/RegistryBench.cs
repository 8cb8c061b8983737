using AfirGen.Api.Durability;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Embedded;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;

namespace AfirGen.Tests.Registry;

/// <summary>Opens registries as the service does.</summary>
internal static class RegistryBench
{
    private static readonly CrashPoints NoCrash = new(new ConfigurationBuilder().Build());

    public static EmbeddedRegistry Embedded(TemporaryFolder folder) =>
        new(new DataFolder(folder.Path), NoCrash, new FatalStop(NullLogger<FatalStop>.Instance), NullLoggerFactory.Instance);

    /// <param name="flush">Connection string of the account that flushes; the same when null.</param>
    public static MySqlRegistry MySql(string connectionString, string? migrator = null, string? flush = null, ILoggerFactory? log = null)
    {
        var hardened = FirdbConnectionString.Harden(connectionString);
        return new(
            new(new MySqlDataSourceBuilder(hardened).Build()),
            new(FirdbConnectionString.Harden(migrator ?? connectionString), FirdbConnectionString.Harden(flush ?? connectionString)),
            NoCrash,
            TimeProvider.System,
            log ?? NullLoggerFactory.Instance
        );
    }
}

/// <summary>Changes as the drafting side writes them.</summary>
internal static class Changes
{
    public static RecordDraft Draft(string session, string text = "complaint", int second = 0) =>
        new(session, Number(session), text, $"2026-11-23T10:00:{second:00}.1234567Z");

    public static RecordPending Pending(string session, string text = "complaint", string content = "FIR", string violations = "[]") =>
        new(session, Number(session), text, content, violations);

    public static Register Register(string session, string operation = "op", string station = "PS", int year = 2026) =>
        new(session, Number(session), operation, station, year, "2026-11-23T11:00:00.0000000Z");

    public static string Number(string session) => $"FIR-{session}";

    /// <summary>Everything one FIR needs to be registered, in order.</summary>
    public static RegistryChange[] WholeSession(string session) => [Draft(session), Pending(session), Register(session)];
}

/// <summary>The token of the test that runs.</summary>
internal static class Running
{
    public static CancellationToken Test => TestContext.Current.CancellationToken;
}
