using System.Collections.Concurrent;

namespace AfirGen.Api.Access;

/// <summary>Tells what is new from what was there a moment ago, in bounded memory. Thread-safe.</summary>
internal sealed class RepeatFilter(TimeSpan window, TimeProvider clock)
{
    private const int MaxRemembered = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <returns>False when the same was asked within the window; of two at once, for one of them.</returns>
    public bool IsNew(string what)
    {
        var now = clock.GetUtcNow();
        if (_seen.TryGetValue(what, out var last))
        {
            return (now - last).Duration() >= window && _seen.TryUpdate(what, now, last);
        }

        if (_seen.Count >= MaxRemembered)
        {
            _seen.Clear(); // at worst something counts as new once more
        }

        return _seen.TryAdd(what, now);
    }
}
