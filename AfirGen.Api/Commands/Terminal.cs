using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AfirGen.Api.Backup;

namespace AfirGen.Api.Commands;

/// <summary>Where a command says what it did: lines for people or one JSON document on the output, progress on the error stream.</summary>
internal sealed class Terminal(bool json)
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON document instead of lines, also for a failure.",
        Recursive = true,
    };

    private const int BarWidth = 30;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private readonly bool _bar = !json && !Console.IsErrorRedirected;
    private long _shownAt;

    public void Progress(BackupProgress progress)
    {
        if (!_bar || (progress.Done < progress.Total && TimeProvider.System.GetElapsedTime(_shownAt) < BetweenLooks))
        {
            return;
        }

        _shownAt = TimeProvider.System.GetTimestamp();
        var part = progress.Total == 0 ? 1 : Math.Clamp((double)progress.Done / progress.Total, 0, 1);
        var bar = new string('#', (int)(part * BarWidth)).PadRight(BarWidth, '.');
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\x1b[K[{bar}] {part:P0} {progress.What}"));
    }

    public void Succeeded(object report, params string[] lines)
    {
        EndBar();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, report.GetType(), BackupJson.Options));
            return;
        }

        foreach (var line in lines)
        {
            Console.Out.WriteLine(line);
        }
    }

    /// <summary>For people, beside an output that is for a program.</summary>
    public void Note(string line)
    {
        if (!json)
        {
            Console.Error.WriteLine(line);
        }
    }

    public void Failed(string message)
    {
        EndBar();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Success = false, Error = message }, BackupJson.Options));
        }
        else
        {
            Console.Error.WriteLine($"AfirGen: {message}");
        }
    }

    private void EndBar()
    {
        if (_bar && _shownAt != 0)
        {
            Console.Error.Write("\r\x1b[K");
        }
    }
}
