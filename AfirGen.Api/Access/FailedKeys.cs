using System.Collections.Concurrent;
using System.Globalization;
using AfirGen.Api.Endpoints;
using Microsoft.Extensions.Options;

namespace AfirGen.Api.Access;

/// <summary>
/// Counts keys that were nobody's, by the address they came from. Beyond the limit no key from there is looked at any more, so that a right guess
/// is answered like a wrong one. A restart does not begin anew: they stand in the audit log, and are read from there.
/// </summary>
internal sealed class FailedKeys(IOptions<ServiceOptions> options, TimeProvider clock)
{
    /// <summary>Attempts older than this count no more.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MaxNetworks = 10_000;

    /// <summary>Shared by all that come when so many are remembered already: memory is bounded, and so are their guesses.</summary>
    private const string Others = "others";

    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(1);
    private readonly int _limit = options.Value.FailedKeyLimit;
    private readonly ConcurrentDictionary<string, Attempts> _attempts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Address, string Principal), bool> _welcome = new();

    private long _sweptAt;

    public int Limit => _limit;

    /// <summary>Until when nothing from there is looked at; null: it is.</summary>
    /// <param name="key">What was found for the key that came, in the same time as ever.</param>
    public DateTimeOffset? BlockedUntil(string address, AccessKey? key)
    {
        if (_limit == 0 || Find(RemoteAddress.NetworkOf(address)) is not { } attempts)
        {
            return null;
        }

        // Nobody guesses a long key; and whoever has shown his before from there is no guesser. So a stranger behind the same proxy, or a client
        // with a key that was exchanged, locks nobody out.
        return key is { IsUnguessable: true } || (key is not null && _welcome.ContainsKey((address, key.Accessor.Principal)))
            ? null
            : attempts.BlockedUntil(_limit, clock.GetUtcNow());
    }

    public void Failed(string address) => Failed(address, clock.GetUtcNow());

    /// <param name="key">Was taken, and came from there.</param>
    public void Taken(string address, AccessKey key)
    {
        if (_limit > 0 && !key.IsUnguessable && _welcome.Count < MaxNetworks)
        {
            _welcome.TryAdd((address, key.Accessor.Principal), true);
        }
    }

    /// <summary>Attempts of before the restart.</summary>
    public void Load(IEnumerable<(string Address, string At)> attempts)
    {
        foreach (var (address, at) in attempts)
        {
            Failed(address, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }
    }

    private void Failed(string address, DateTimeOffset at)
    {
        if (_limit == 0)
        {
            return;
        }

        var network = RemoteAddress.NetworkOf(address);
        if (!_attempts.ContainsKey(network) && _attempts.Count >= MaxNetworks)
        {
            Sweep();
            network = _attempts.Count < MaxNetworks ? network : Others;
        }

        _attempts.GetOrAdd(network, _ => new()).Add(at, _limit);
    }

    /// <summary>Once a minute at most: it looks at all of them.</summary>
    private void Sweep()
    {
        var now = clock.GetUtcNow();
        var last = Interlocked.Read(ref _sweptAt);
        if (now.UtcTicks - last < SweepPause.Ticks || Interlocked.CompareExchange(ref _sweptAt, now.UtcTicks, last) != last)
        {
            return;
        }

        foreach (var (network, attempts) in _attempts.Where(one => one.Value.AreOver(now)))
        {
            _attempts.TryRemove(new(network, attempts));
        }
    }

    private Attempts? Find(string network) => _attempts.GetValueOrDefault(network) ?? _attempts.GetValueOrDefault(Others);

    /// <summary>The last ones of a network; as many as the limit are enough to know.</summary>
    private sealed class Attempts
    {
        private readonly Queue<DateTimeOffset> _at = new();

        public void Add(DateTimeOffset at, int limit)
        {
            lock (_at)
            {
                _at.Enqueue(at);
                if (_at.Count > limit)
                {
                    _at.Dequeue();
                }
            }
        }

        public DateTimeOffset? BlockedUntil(int limit, DateTimeOffset now)
        {
            lock (_at)
            {
                while (_at.TryPeek(out var oldest) && oldest + Window <= now)
                {
                    _at.Dequeue();
                }

                return _at.Count >= limit ? _at.Peek() + Window : null;
            }
        }

        public bool AreOver(DateTimeOffset now)
        {
            lock (_at)
            {
                return _at.All(at => at + Window <= now);
            }
        }
    }
}
