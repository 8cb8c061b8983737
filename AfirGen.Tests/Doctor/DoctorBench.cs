using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;
using AfirGen.Tests.Backup;
using AfirGen.Tests.Registry;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Configuration;

namespace AfirGen.Tests.Doctor;

/// <summary>The doctor in this process, on whatever deployment a test has.</summary>
internal static class DoctorBench
{
    private const string NobodyListens = "http://127.0.0.1:1";

    /// <summary>The real machine, but for its clock: whether something sets that is not up to the tests.</summary>
    public static Surroundings Machine { get; } = Surroundings.Real with { Clock = () => ClockState.Synchronised, InContainer = false };

    /// <summary>As it would say in the reference deployment.</summary>
    public static Surroundings InContainer { get; } = Machine with { InContainer = true };

    public static async Task<Diagnosis> LookAsync(
        IReadOnlyDictionary<string, string> settings,
        Surroundings? surroundings = null,
        string input = ""
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("AfirGen:Doctor:Url", NobodyListens)])
            .AddInMemoryCollection(settings!)
            .Build();
        await using var examination = new Examination(new(configuration), surroundings ?? Machine, new StringReader(input));
        return await examination.RunAsync(Running.Test);
    }

    /// <summary>Takes a backup with a key that nobody else may read, so that there is nothing to find.</summary>
    public static async Task<string> BackUpAsync(TestStack stack) => await BackupDesk.TakeAsync(stack);

    public static void Equip(TestStack stack, BackupDesk desk)
    {
        desk.Equip(stack);
        Command.Run("chmod", "600", desk.KeyFile);
    }

    /// <summary>What the operator of this stack would configure.</summary>
    public static Dictionary<string, string> SettingsOf(TestStack stack, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(stack.Settings)
        {
            ["AfirGen:DataFolder"] = stack.DataFolder,
            ["AfirGen:Doctor:Url"] = stack.Api.Address.ToString(),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>Nothing is wrong or unknown; the message says what is.</summary>
    public static Diagnosis RequireAllWell(this Diagnosis diagnosis)
    {
        Assert.True(diagnosis.ExitCode == 0, string.Join('\n', diagnosis.Text()));
        return diagnosis;
    }

    /// <summary>This line is wrong, and no line of another check.</summary>
    /// <param name="mend">What its mending command contains.</param>
    /// <returns>The line.</returns>
    public static ExaminedLine RequireOnly(this Diagnosis diagnosis, string check, string text, string mend)
    {
        var all = string.Join('\n', diagnosis.Text());
        Assert.True(diagnosis.Lines.All(line => line.Level != Level.Wrong || line.Check == check), all);
        return diagnosis.RequireWrong(check, text, mend);
    }

    public static ExaminedLine RequireWrong(this Diagnosis diagnosis, string check, string text, string mend) =>
        diagnosis.Require(check, Level.Wrong, text, mend);

    public static ExaminedLine Require(this Diagnosis diagnosis, string check, Level level, string text, string? mend = null)
    {
        var line = diagnosis.Lines.FirstOrDefault(line =>
            line.Check == check
            && line.Level == level
            && line.Text.Contains(text, StringComparison.Ordinal)
            && (mend is null || line.Mend?.Contains(mend, StringComparison.Ordinal) == true)
        );
        Assert.True(
            line is not null,
            $"{check}: no line is {level} with \"{text}\", mended by \"{mend}\":\n{string.Join('\n', diagnosis.Text())}"
        );
        return line;
    }

    /// <summary>Types the mending command into a shell; who runs the tests is root already.</summary>
    public static void Mend(this ExaminedLine line) =>
        Command.Run("bash", "-euc", line.Mend!.Replace("sudo ", "", StringComparison.Ordinal));

    /// <summary>Types the command that mends a container, of which there is none here, with a stand-in for Docker.</summary>
    /// <param name="docker">What runs in place of docker and docker-compose.</param>
    /// <returns>What was printed.</returns>
    public static string MendWithStandIn(this ExaminedLine line, string docker, params string[] environment)
    {
        using var folder = new TemporaryFolder();
        foreach (var program in (string[])["docker", "docker-compose"])
        {
            File.WriteAllText(folder.File(program), "#!/bin/bash\n" + docker + "\n");
            Command.Run("chmod", "700", folder.File(program));
        }

        var path = $"PATH={folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        return Command.Run("env", [path, .. environment, "bash", "-euc", line.Mend!]);
    }
}
