using System.Text.Json.Nodes;
using AfirGen.Api.Access;
using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Doctor;

/// <summary>The file of stored API keys: as it should be, not there, for everybody, of another account, damaged, with nobody's key in force.</summary>
public sealed class StoredKeyLineTests(HealthyDeployment healthy) : IClassFixture<HealthyDeployment>, IDisposable
{
    private const int Service = 65534;
    private const int Stranger = 65533;
    private readonly KeyDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task A_key_that_is_taken_is_right_and_when_it_has_expired_nobody_s_is()
    {
        (await LookAsync()).RequireOnly("API keys", $"there is no {_desk.File}", "AfirGen.Api.dll key create --name NAME --role officer");

        _desk.Write("asha", Role.Officer, DateTimeOffset.UtcNow.AddDays(-1));
        (await LookAsync()).RequireOnly("API keys", "none of 1 is taken any more", "key create");

        _desk.Write("asha", Role.Officer, DateTimeOffset.UtcNow.AddDays(1));
        (await LookAsync()).RequireAllWell().Require("API keys", Level.Right, "1 of 2 are taken");
    }

    [Fact]
    public async Task A_file_for_everybody_or_of_another_account_is_found_and_mended()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is not null,
            "giving a file away needs root"
        );
        _desk.Write("asha", Role.Officer, expiresAt: null);
        Command.Run("chmod", "644", _desk.File);
        (await LookAsync()).RequireOnly("API keys", "has mode 0644: others may see whose keys there are", $"chmod 600 {_desk.File}").Mend();
        (await LookAsync()).RequireAllWell();

        Command.Run("chown", "65534", _desk.File);
        (await LookAsync()).RequireOnly("API keys", "belongs to account 65534", "chown 0:").Mend();
        (await LookAsync()).RequireAllWell();
    }

    /// <param name="owner">Of the file.</param>
    /// <param name="looksAs">The account that runs the doctor; the data folder is <see cref="Service"/>'s.</param>
    /// <param name="mend">Null where the line cannot be known.</param>
    [Theory]
    [InlineData(0, "600", Service, "chown 65534:65534")]
    [InlineData(0, "600", Stranger, "chown 65534:65534")]
    [InlineData(Service, "000", Service, "chmod 600")]
    [InlineData(Service, "600", Stranger, null)]
    public void A_file_that_the_service_s_account_cannot_read_is_found_by_that_account_itself(
        int owner,
        string mode,
        int looksAs,
        string? mend
    )
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") is not null,
            "changing the account needs root"
        );
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        Command.Run("chown", $"{Service}:{Service}", folder.File("data"));
        _desk.Write("asha", Role.Officer, expiresAt: null);
        Command.Run("chown", $"{owner}:{owner}", _desk.File);
        Command.Run("chmod", mode, _desk.File);
        Command.Run("chmod", "o+x", folder.Path, Path.GetDirectoryName(_desk.File)!);

        string[] command =
        [
            "env",
            $"AfirGen__DataFolder={folder.File("data")}",
            $"AfirGen__ApiKeyFile={_desk.File}",
            "AfirGen__Doctor__Url=http://127.0.0.1:1",
            "setpriv",
            $"--reuid={looksAs}",
            $"--regid={looksAs}",
            "--clear-groups",
            .. ApiProcess.Program,
            "doctor",
            "--json",
        ];
        var (_, output, error) = Command.Try(command[0], command[1..]);

        Assert.True(output.Length > 0, error);
        var lines = JsonNode.Parse(output)!["lines"]!.AsArray();
        JsonNode Line(string check) => lines.Single(line => $"{line!["check"]}" == check)!;
        Assert.Equal(mend is null ? "unknown" : "wrong", $"{Line("API keys")["level"]}");
        Assert.Contains(
            mend is null ? $"sudo -u '#{Service}'" : $"sudo {mend} {_desk.File}",
            $"{Line("API keys")["mend"]}",
            StringComparison.Ordinal
        );
        Assert.Equal(looksAs == Service ? "wrong" : "unknown", $"{Line("configuration")["level"]}"); // a stranger does not know what the service may do
    }

    [Fact]
    public async Task A_damaged_file_is_found_and_that_it_would_end_the_next_start()
    {
        _desk.Write("asha", Role.Officer, expiresAt: null);
        await File.WriteAllTextAsync(_desk.File, "{", TestContext.Current.CancellationToken);

        var diagnosis = await LookAsync();
        diagnosis.RequireWrong("API keys", "is damaged", $"cp THE/COPY/IN/A/SAFE/PLACE {_desk.File}");
        diagnosis.RequireWrong("configuration", "is damaged", "the line of the API keys");
        Assert.Equal(2, diagnosis.Wrong);
    }

    [Fact]
    public async Task In_a_container_a_copy_is_put_back_by_another_one_which_has_a_stand_in_since_nobody_gets_into_one_that_does_not_start()
    {
        _desk.Write("asha", Role.Officer, expiresAt: null);
        var copy = _desk.File + ".copy";
        File.Copy(_desk.File, copy);
        await File.WriteAllTextAsync(_desk.File, "{", TestContext.Current.CancellationToken);

        var line = (await LookAsync(DoctorBench.InContainer)).RequireWrong(
            "API keys",
            "is damaged",
            "docker-compose run --rm -T --no-deps "
        );
        (line with { Mend = line.Mend!.Replace("THE/COPY/IN/A/SAFE/PLACE", copy, StringComparison.Ordinal) }).MendWithStandIn(
            "[ \"$5 $6 $7\" = '--entrypoint sh fir_pipeline' ] && shift 7 && exec sh \"$@\""
        );
        (await LookAsync()).RequireAllWell();
    }

    [Fact]
    public async Task Who_has_stored_keys_only_and_is_reached_by_others_wants_a_key()
    {
        _desk.Write("asha", Role.Officer, expiresAt: null);
        var diagnosis = await LookAsync(("urls", "https://0.0.0.0:8443"), ("AfirGen:ApiKey", ""));

        diagnosis.Require("access", Level.Right, "wants a key");
        diagnosis.Require("configuration", Level.Right, "would end a start");
    }

    private Task<Diagnosis> LookAsync(params (string, string)[] more) => LookAsync(DoctorBench.Machine, more);

    private Task<Diagnosis> LookAsync(Surroundings surroundings, params (string, string)[] more) =>
        DoctorBench.LookAsync(DoctorBench.SettingsOf(healthy.Stack, [("AfirGen:ApiKeyFile", _desk.File), .. more]), surroundings);
}
