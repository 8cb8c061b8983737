using AfirGen.Api.Drafting;

namespace AfirGen.Api.Endpoints;

/// <summary>Bounds the memory that uploads take: each is held whole while it is checked and stored.</summary>
internal sealed class UploadSlots : IDisposable
{
    public const int MaxConcurrentUploads = 16;

    /// <summary>Smaller bodies are no threat to the memory and need no slot.</summary>
    private const long SmallBytes = 1024 * 1024;

    private readonly SemaphoreSlim _slots = new(MaxConcurrentUploads, MaxConcurrentUploads);

    /// <exception cref="Refusal">All slots are taken.</exception>
    public IDisposable? Take(HttpRequest request)
    {
        if (request.ContentLength <= SmallBytes)
        {
            return null;
        }

        return _slots.Wait(0)
            ? new Slot(_slots)
            : throw new Refusal(
                RefusalKind.Overloaded,
                $"{MaxConcurrentUploads} uploads are being taken in already. Nothing was stored; try again."
            );
    }

    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private SemaphoreSlim? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
    }
}
