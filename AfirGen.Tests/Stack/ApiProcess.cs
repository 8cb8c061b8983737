using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AfirGen.Tests.Stack;

/// <summary>The real service as a child process: started, signalled and killed as an operating system does it.</summary>
internal sealed partial class ApiProcess : IAsyncDisposable
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigInt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Lock _gate = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;
    private bool _disposed;

    private ApiProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(e.Data);
    }

    /// <summary>Everything it wrote to its console so far.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Completes when it has ended, by itself or not.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Set once it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The one that is to be deployed, or the build beside the tests.</summary>
    public static string[] Program =>
        Environment.GetEnvironmentVariable("AFIRGEN_TEST_PROGRAM") switch
        {
            null or "" => ["dotnet", Path.Combine(AppContext.BaseDirectory, "AfirGen.Api.dll")],
            var assembly when assembly.EndsWith(".dll", StringComparison.Ordinal) => ["dotnet", assembly],
            var executable => [executable],
        };

    /// <summary>Starts it and returns at once.</summary>
    /// <param name="settings">Configuration as <c>AfirGen:Journal:MaxBatchSize</c> → value.</param>
    /// <param name="wrapper">A program and its arguments that shall run it, strace for example.</param>
    public static ApiProcess Launch(string dataFolder, IReadOnlyDictionary<string, string>? settings = null, params string[] wrapper)
    {
        string[] command = [.. wrapper, .. Program, "--urls", settings?.GetValueOrDefault("urls") ?? "http://127.0.0.1:0"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["AfirGen__DataFolder"] = dataFolder;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var quick in (string[])["EnableWriteXorExecute", "gcServer", "gcConcurrent", "TieredPGO"])
        {
            start.Environment[$"DOTNET_{quick}"] = "0"; // a fifth less work until the first answers; nothing that a guarantee rests on
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var api = new ApiProcess(new Process { StartInfo = start });
        api._process.Start();
        api._process.BeginOutputReadLine();
        api._process.BeginErrorReadLine();
        return api;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ApiProcess> StartAsync(
        string dataFolder,
        IReadOnlyDictionary<string, string>? settings = null,
        params string[] wrapper
    )
    {
        var api = Launch(dataFolder, settings, wrapper);
        try
        {
            await api.WaitUntilListeningAsync();
            await api.WaitForLogAsync("Ready after");
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public async Task WaitUntilListeningAsync()
    {
        await WaitForLogAsync("Now listening on: ");
        Address = new(ListeningOn().Match(Log.First(line => line.Contains("Now listening on: ", StringComparison.Ordinal))).Value);
    }

    /// <summary>A client of its own: no shared connection survives the process that it was opened to.</summary>
    public ApiClient CreateClient(string? apiKey = null) => new(Address, apiKey);

    /// <summary>Completes when a line with <paramref name="text"/> has been written; fails when the process ends without it.</summary>
    public async Task WaitForLogAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_log.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return;
            }

            _waiting.Add((text, seen));
        }

        var first = await Task.WhenAny(seen.Task, _outputEnded.Task).WaitAsync(Patience);
        if (first != seen.Task && !seen.Task.IsCompleted)
        {
            throw new InvalidOperationException(
                $"The service ended with {await WaitForExitAsync()} without writing \"{text}\":\n{string.Join('\n', Log)}"
            );
        }
    }

    public void Signal(int signal)
    {
        if (Kill(Pid, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {Pid}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>SIGKILL, and waits until the kernel has cleaned up.</summary>
    public Task KillAsync() => EndAsync(SigKill);

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync()
    {
        Signal(SigTerm);
        return WaitForExitAsync();
    }

    /// <summary>The same, and no complaint when it has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopIfRunningAsync() => EndAsync(SigTerm);

    private Task<int> EndAsync(int signal)
    {
        if (!HasExited)
        {
            _ = Kill(Pid, signal);
        }

        return WaitForExitAsync();
    }

    /// <returns>The exit code; 128 + signal when a signal ended it.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await KillAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _openStreams) == 0)
            {
                _outputEnded.TrySetResult();
            }

            return;
        }

        lock (_gate)
        {
            _log.Enqueue(line);
            foreach (var (_, seen) in _waiting.Where(w => line.Contains(w.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }

    [GeneratedRegex(@"http://[\w.\[\]:-]+?:\d+")]
    private static partial Regex ListeningOn();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
