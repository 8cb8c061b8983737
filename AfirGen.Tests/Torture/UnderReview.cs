using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Torture;

/// <summary>A session as its client knows it.</summary>
internal sealed record UnderReview(string SessionId, string FirNumber)
{
    public string Step { get; private set; } = "transcript_review";

    public bool Completed { get; private set; }

    /// <summary>It was idle for too long by the service's clock, or gone: this client gives it up.</summary>
    public bool Closed { get; private set; }

    /// <summary>Learns from an answer of /validate.</summary>
    public void Advance(Reply answer)
    {
        Step = answer["current_step"];
        Completed = answer["completed"] == "true";
    }

    /// <summary>Learns from an answer of /session/{id}/status.</summary>
    public void Refresh(Reply status)
    {
        Step = status["current_step"];
        Completed = status["status"] == "completed";
        Closed = status["status"] == "expired";
    }

    public void Close() => Closed = true;
}
