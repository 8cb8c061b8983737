namespace AfirGen.Api.Drafting.Form;

/// <summary>Where the value of a field comes from when no officer has written it.</summary>
internal enum FieldSource
{
    /// <summary>Read out of the complaint, else not recorded.</summary>
    Complaint,

    /// <summary>Configuration of the station.</summary>
    Station,

    /// <summary>Known to the service: number, instants, drafted artefacts.</summary>
    Record,

    /// <summary>Only an officer can know it.</summary>
    Officer,
}

/// <summary>One field of the form I.I.F.-I.</summary>
internal sealed record FormField(string Key, string Item, string Label, FieldSource Source)
{
    /// <summary>Registration needs it.</summary>
    public bool Mandatory { get; init; }

    /// <summary>False for what the service itself assigns: a <c>Field: value</c> line cannot change it.</summary>
    public bool Correctable { get; init; } = true;

    /// <summary>Addresses, lists and stories: the value may have several lines. Others are one line of the form.</summary>
    public bool TakesLines { get; init; }

    /// <summary>Other names that officers use, among them those of the form that this one replaces. Case and punctuation do not matter.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <param name="Number">1 to 15, as on the printed form.</param>
internal sealed record FormItem(int Number, string Title);
