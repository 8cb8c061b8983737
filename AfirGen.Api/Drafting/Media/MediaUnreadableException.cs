using AfirGen.Api.Reliability;

namespace AfirGen.Api.Drafting.Media;

/// <summary>The reader works and found nothing readable in this upload. The message says so in the officer's words; trying again will not help.</summary>
internal sealed class MediaUnreadableException(string message, Exception? inner = null) : RequestFaultException(message, inner);
