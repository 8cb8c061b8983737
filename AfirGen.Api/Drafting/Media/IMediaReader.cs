namespace AfirGen.Api.Drafting.Media;

/// <summary>Turns an uploaded photograph or recording into text.</summary>
internal interface IMediaReader
{
    /// <exception cref="MediaReaderUnavailableException">Nothing can read this kind now; the upload is kept and can be retried.</exception>
    Task<string> ReadAsync(ComplaintSource kind, string contentType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>No reader is configured, or the configured one does not answer. The message says what to do about it.</summary>
internal sealed class MediaReaderUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
