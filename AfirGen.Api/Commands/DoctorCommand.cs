using System.CommandLine;
using AfirGen.Api.Doctor;
using AfirGen.Api.Doctor.Machine;

namespace AfirGen.Api.Commands;

/// <summary>Looks at a deployment, whether its service runs or not, and says what is wrong and what mends it. It mends nothing itself.</summary>
internal static class DoctorCommand
{
    public const string Name = "doctor";
    public const int CouldNotLook = 2;

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "AfirGen__Doctor__Url: where the service is reached; default: where it is configured to listen.",
    };

    private static readonly Option<string?> Prometheus = new("--prometheus")
    {
        Description = "AfirGen__Doctor__Prometheus: the one that watches the service.",
    };

    private static readonly Option<string?> Container = new("--container")
    {
        Description = "AfirGen__Doctor__Container: name of the service's container; -: the output of docker inspect comes by the input.",
    };

    public static Command Create()
    {
        var command = new Command(Name, "Look at a deployment and say what is wrong and what mends it.");
        foreach (var option in (Option[])[.. CommonOptions.OfBackups, Url, Prometheus, Container])
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var terminal = new Terminal(arguments.GetValue(Terminal.Json));
        try
        {
            var configuration = CommandRun.Configure([.. CommonOptions.Settings(arguments), .. Settings(arguments)]).Configuration;
            await using var examination = new Examination(new(configuration), Surroundings.Real, Console.In);
            var diagnosis = await examination.RunAsync(cancellationToken);
            terminal.Succeeded(diagnosis, [.. diagnosis.Text()]);
            return diagnosis.ExitCode;
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or FormatException or OperationCanceledException)
        {
            terminal.Failed(e.Message); // the configuration itself cannot be read
            return CouldNotLook;
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(ParseResult arguments) =>
        [
            new($"{DoctorOptions.Section}:{nameof(DoctorOptions.Url)}", arguments.GetValue(Url)),
            new($"{DoctorOptions.Section}:{nameof(DoctorOptions.Prometheus)}", arguments.GetValue(Prometheus)),
            new($"{DoctorOptions.Section}:{nameof(DoctorOptions.Container)}", arguments.GetValue(Container)),
        ];
}
