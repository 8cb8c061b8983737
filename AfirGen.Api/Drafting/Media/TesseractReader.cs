using System.ComponentModel;
using System.Text;
using CliWrap;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Drafting.Media;

/// <summary>Reads an image with Tesseract's command line; the image goes through stdin and touches no disk.</summary>
internal sealed class TesseractReader(IOptions<MediaOptions> options, ILogger<TesseractReader> logger)
{
    private readonly MediaOptions _options = options.Value;
    private volatile string? _languages;

    /// <summary>Looked up at each call: installing Tesseract needs no restart.</summary>
    public bool IsInstalled => FindBinary() is not null;

    /// <summary>Whether the binary runs and has data for at least one of the languages.</summary>
    public async Task<bool> IsWorkingAsync(CancellationToken cancellationToken) =>
        FindBinary() is { } binary && Wanted(await ListLanguagesAsync(binary, cancellationToken)).Length > 0;

    public async Task<string> ReadAsync(ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        // Tesseract takes a text on stdin for a list of image paths and would read those files out to the caller.
        if (MediaSignatures.Of(image.Span) is not (MediaSignature.Jpeg or MediaSignature.Png))
        {
            throw new MediaUnreadableException("The upload is not a JPEG or PNG image.");
        }

        var binary = FindBinary() ?? throw new MediaReaderUnavailableException("Tesseract is no longer installed.");
        var languages = _languages ??= await ChooseLanguagesAsync(binary, cancellationToken);
        var (exitCode, output, error) = await RunAsync(binary, ["stdin", "stdout", "-l", languages], image, cancellationToken);
        if (exitCode == 0)
        {
            return output;
        }

        // Its image library (Leptonica) names its functions after pixels when it cannot open an image.
        if (error.Contains("pixRead", StringComparison.Ordinal))
        {
            throw new MediaUnreadableException("The image is damaged: it could not be opened.");
        }

        // Languages may have been uninstalled meanwhile: look again next time.
        _languages = null;
        throw new InvalidOperationException($"Tesseract ended with exit code {exitCode}");
    }

    private async Task<string> ChooseLanguagesAsync(string binary, CancellationToken cancellationToken)
    {
        var installed = await ListLanguagesAsync(binary, cancellationToken);
        var usable = Wanted(installed);
        if (usable.Length == 0 && installed.Contains("eng"))
        {
            usable = ["eng"];
        }

        if (usable.Length == 0)
        {
            throw new MediaReaderUnavailableException(
                $"Tesseract has no data for {_options.TesseractLanguages}: install the language packages (tesseract-ocr-eng, tesseract-ocr-hin)."
            );
        }

        var languages = string.Join('+', usable);
        if (languages != _options.TesseractLanguages)
        {
            logger.LogWarning("Tesseract has no data for all of {Wanted}; it reads {Usable}", _options.TesseractLanguages, languages);
        }

        return languages;
    }

    private string[] Wanted(IReadOnlySet<string> installed) => [.. _options.TesseractLanguages.Split('+').Where(installed.Contains)];

    private static async Task<IReadOnlySet<string>> ListLanguagesAsync(string binary, CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await RunAsync(binary, ["--list-langs"], default, cancellationToken);

        // A heading, then one code per line.
        return exitCode == 0
            ? output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1).ToHashSet()
            : new HashSet<string>();
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string binary,
        string[] arguments,
        ReadOnlyMemory<byte> input,
        CancellationToken cancellationToken
    )
    {
        var output = new StringBuilder();
        var error = new StringBuilder();
        try
        {
            // Cancellation kills the process. One thread each: several images at once would fight over the cores.
            var result = await Cli.Wrap(binary)
                .WithArguments(arguments)
                .WithEnvironmentVariables(environment => environment.Set("OMP_THREAD_LIMIT", "1"))
                .WithStandardInputPipe(PipeSource.FromBytes(input))
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output, Encoding.UTF8))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error, Encoding.UTF8))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
            return (result.ExitCode, output.ToString(), error.ToString());
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"Tesseract could not be started ({exception.NativeErrorCode})");
        }
    }

    private string? FindBinary()
    {
        var command = _options.TesseractPath;
        if (command.Length == 0)
        {
            return null;
        }

        if (Path.GetFileName(command) != command)
        {
            return File.Exists(command) ? command : null;
        }

        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] names = OperatingSystem.IsWindows() ? [command, $"{command}.exe"] : [command];
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
