using AfirGen.Api.Drafting.Form;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>Reads the fields of the form out of English text. Precision beats recall: what is not plain is left out (D-06).</summary>
internal static class FactExtractor
{
    /// <summary>Facts of the complaint, completed from the transcript (which may be a translation) and the officer's remarks.</summary>
    public static FirFacts Extract(DraftingInput input)
    {
        var facts = Extract(input.OriginalText, input.ReceivedAt);
        if (input.Transcript is { } transcript && transcript != input.OriginalText)
        {
            facts.FillFrom(Extract(transcript, input.ReceivedAt));
        }
        foreach (var remark in OfficerNotes.Remarks(input.Notes))
        {
            facts.FillFrom(Extract(remark.Text, input.ReceivedAt));
        }
        return facts;
    }

    /// <param name="text">Any text.</param>
    /// <param name="receivedAt">What "yesterday" counts from, in Indian civil time.</param>
    public static FirFacts Extract(string text, DateTimeOffset receivedAt)
    {
        var facts = new FirFacts();
        var sentences = Sentences.Of(text);
        PersonFacts.Read(text, facts);
        OccurrenceFacts.Read(sentences, text, receivedAt, facts);
        AccusedFacts.Read(sentences, text, facts);
        facts.Property = PropertyFacts.Read(sentences, text);
        return facts;
    }
}
