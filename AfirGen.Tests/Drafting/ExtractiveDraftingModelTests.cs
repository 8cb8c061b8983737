using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Models;

namespace AfirGen.Tests.Drafting;

public sealed class ExtractiveDraftingModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("मेरा नाम रमेश है।\nमेरा मोबाइल चोरी हो गया।")]
    [InlineData("என் பெயர் குமார். என் வண்டி திருடப்பட்டது.")]
    [InlineData("The amount one = five hundred. O'Brien & José’s ₹500 👨‍👩‍👧‍👦")]
    [InlineData("Test")]
    [InlineData("Line one.\r\n\r\nLine two.\r\n")]
    [Trait("Defect", "D-07")]
    [Trait("Defect", "D-08")]
    public async Task A_tidy_text_is_its_own_transcript(string text) =>
        Assert.Equal(text, (await Desk.Model.TranscribeAsync(Desk.Input(text), Cancel)).Content);

    [Fact]
    public async Task A_recording_is_tidied_and_keeps_every_word_and_line()
    {
        var input = Desk.Input("um  my   phone was stolen. uh i saw him\n  he ran\taway") with { Source = ComplaintSource.Audio };

        Assert.Equal("My phone was stolen. I saw him\nHe ran away", (await Desk.Model.TranscribeAsync(input, Cancel)).Content);
    }

    [Fact]
    [Trait("Defect", "D-12")]
    public async Task What_the_officer_adds_stands_in_the_draft_of_that_step()
    {
        OfficerNote[] notes =
        [
            new(ReviewStep.TranscriptReview, "He also lost his keys.\nPhone: 9000000001"),
            new(ReviewStep.SummaryReview, "The complainant is a minor."),
            new(ReviewStep.FirNarrativeReview, "The lane has no lights."),
        ];
        var input = await Desk.Draft(Desk.Input(Complaints.Theft, notes), Cancel);

        Assert.EndsWith("\n\nAdded by the officer:\nHe also lost his keys.", input.Transcript, StringComparison.Ordinal);
        Assert.EndsWith("The complainant is a minor.", input.Summary, StringComparison.Ordinal);
        Assert.Contains("The lane has no lights.", input.Narrative, StringComparison.Ordinal);
        Assert.Contains("9000000001", input.Narrative, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test", "Test")]
    [InlineData("my bike is gone from the stand", "my bike is gone from the stand")]
    [InlineData("मेरा मोबाइल चोरी हो गया। कृपया मदद करें।", "मेरा मोबाइल चोरी हो गया। कृपया मदद करें।")]
    public async Task A_short_complaint_is_its_own_summary(string text, string expected) =>
        Assert.Equal(expected, (await Desk.Model.SummariseAsync(Desk.Input(text), Cancel)).Content);

    [Fact]
    public async Task The_summary_is_two_sentences_of_the_complaint_that_say_what_happened()
    {
        foreach (var (complaint, _) in Complaints.All)
        {
            var sentences = Sentences.Of((await Desk.Model.SummariseAsync(Desk.Input(complaint), Cancel)).Content);

            Assert.Equal(2, sentences.Count);
            Assert.All(sentences, s => Assert.Contains(s, complaint, StringComparison.Ordinal));
            Assert.DoesNotContain(sentences, s => s.StartsWith("My name is", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_three_complaints_get_the_sections_that_a_station_would_charge()
    {
        async Task<string[]> Sections(string complaint) =>
            [.. (await Desk.Model.FindSectionsAsync(Desk.Input(complaint), Cancel)).Content.Select(f => f.Section)];

        Assert.Equal(["303(2)"], await Sections(Complaints.Theft));
        Assert.Equal(["318(4)", "319(2)"], await Sections(Complaints.Cheating));
        var assault = await Sections(Complaints.Assault);
        Assert.All(["115(2)", "118(1)", "126(2)", "351(3)", "352"], s => Assert.Contains(s, assault));
    }

    [Theory]
    [InlineData("add 351(2)", "303(2),351(2)")]
    [InlineData("Please add sections 351(2) and 352", "303(2),351(2),352")]
    [InlineData("remove 303", "")]
    [InlineData("Sections: 304(2), 317(2)", "304(2),317(2)")]
    [InlineData("Sections: 304(2)\nadd 3(5)", "304(2),3(5)")]
    [InlineData("add 2 lakh rupees to the loss", "303(2)")]
    [InlineData("add 351(2)\nremove 351(2)", "303(2)")]
    [InlineData("do not add 351(2)", "303(2)")]
    [InlineData("add 302 IPC", "303(2)")]
    [InlineData("add 66D of the IT Act", "303(2)")]
    [InlineData("Add section 66 of the Information Technology Act", "303(2)")]
    [InlineData("add 66 of the Information Technology Act, 2000", "303(2)")]
    [InlineData("add section 7 of the Prevention of Corruption Act", "303(2)")]
    [InlineData("add section 323 of the Indian Penal Code", "303(2)")]
    [InlineData("add section 323, IPC", "303(2)")]
    [InlineData("add section 302/34 IPC", "303(2)")]
    [InlineData("add section 4 of the Protection of Children from Sexual Offences Act", "303(2)")]
    [InlineData("add section 4 Protection of Children from Sexual Offences Act", "303(2)")]
    [InlineData("add section 3 of the SC/ST Act", "303(2)")]
    [InlineData("add section 3 of the S.C./S.T. Act", "303(2)")]
    [InlineData("add section 66-D IT Act", "303(2)")]
    [InlineData("add section 66 D of the it act", "303(2)")]
    [InlineData("add section 66 read with 43 of the IT Act", "303(2)")]
    [InlineData("add section 66 of the IT", "303(2)")]
    [InlineData("add section 35 of the Bharatiya Nagarik Suraksha Sanhita", "303(2)")]
    [InlineData("add section 35 of the B.N.S.S.", "303(2)")]
    [InlineData("remove section 303 of the Indian Penal Code", "303(2)")]
    [InlineData("remove section 303 of the Long Name of an Act that Nobody Has Listed Here Act", "303(2)")]
    [InlineData("add section 352 of the Bharatiya Nyaya Sanhita", "303(2),352")]
    [InlineData("add section 352 of the Bhartiya Nyay Sanhita, 2023.", "303(2),352")]
    [InlineData("add section 352 of the B.N.S. He did not act alone.", "303(2),352")]
    [InlineData("add section 352 BNS", "303(2),352")]
    [InlineData("add section 352 under BNS; the IT Act may apply", "303(2),352")]
    [InlineData("add section 352 read with 3(5)", "303(2),352")]
    [InlineData("add section 352; 351(2)", "303(2),352")]
    [InlineData("add section 3(5), he did not act alone", "303(2),3(5)")]
    [InlineData("remove section 303 of the Bharatiya Nyaya Sanhita", "")]
    [InlineData("He had to add 500 to the account", "303(2)")]
    [InlineData("add section 351 (2) and 352.", "303(2),351(2),352")]
    [InlineData("add section 351(2),\u00A0115(2)", "303(2),351(2),115(2)")]
    [InlineData("add\tsection 352,\t118\u00A0(1)", "303(2),352,118(1)")]
    public async Task The_officer_adds_and_removes_sections(string note, string expected)
    {
        var input = Desk.Input("My bag was stolen", new OfficerNote(ReviewStep.ViolationsReview, note));

        var found = (await Desk.Model.FindSectionsAsync(input, Cancel)).Content;

        Assert.Equal(expected, string.Join(',', found.Select(f => f.Section)));
    }

    [Theory]
    [InlineData("303(2), 66D of the IT Act, 379 IPC", "remove section 66D of the IT Act", "303(2),379 IPC")]
    [InlineData("303(2), 66D of the IT Act, 379 IPC", "Please remove the section 66d of the  IT Act.", "303(2),379 IPC")]
    [InlineData("303(2), 66D of the IT Act, 379 IPC", "remove 379 IPC", "303(2),66D of the IT Act")]
    [InlineData("303(2), 420 (1)", "remove section 420 (1)", "303(2)")]
    [InlineData("3(5), 3 of the Prevention of Damage Act", "remove section 3 of the Prevention of Damage Act", "3(5)")]
    [InlineData("318(4), 318(4) of the Cantonments Act", "remove section 318", "318(4) of the Cantonments Act")]
    public async Task A_section_of_another_Act_is_removed_as_it_is_listed_and_nothing_else_is(string listed, string written, string left)
    {
        var input = Desk.Input(
            "My bag was stolen",
            new OfficerNote(ReviewStep.ViolationsReview, $"Sections: {listed}"),
            new OfficerNote(ReviewStep.ViolationsReview, written)
        );

        var found = await Desk.Model.FindSectionsAsync(input, Cancel);

        Assert.Equal(left, string.Join(',', found.Content.Select(f => f.Section)));
        Assert.Null(found.Notice);
        Assert.Equal(left.Replace(",", ", ", StringComparison.Ordinal), Desk.Render(input).Field(FieldKeys.Sections).Value);
    }

    [Theory]
    [InlineData("do not remove section 379 IPC", null)]
    [InlineData("remove section 66D", "\"remove section 66D\"")]
    [InlineData("remove section 420 IPC", "\"remove section 420 IPC\"")]
    public async Task A_section_of_another_Act_that_is_not_listed_so_is_not_removed_and_the_officer_is_told(string written, string? said)
    {
        var input = Desk.Input(
            "My bag was stolen",
            new OfficerNote(ReviewStep.ViolationsReview, "Sections: 303(2), 66D of the IT Act, 379 IPC"),
            new OfficerNote(ReviewStep.ViolationsReview, written)
        );

        var found = await Desk.Model.FindSectionsAsync(input, Cancel);

        Assert.Equal("303(2),66D of the IT Act,379 IPC", string.Join(',', found.Content.Select(f => f.Section)));
        Assert.Equal(said is not null, found.Notice is not null);
        Assert.Contains(said ?? "", found.Notice ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_the_sections_step_a_number_alone_is_part_of_the_story()
    {
        var story = Desk.Input("My bag was stolen", new OfficerNote(ReviewStep.TranscriptReview, "He wanted to add 20 more."));
        var instruction = Desk.Input("My bag was stolen", new OfficerNote(ReviewStep.FinalReview, "Add section 352."));

        Assert.DoesNotContain((await Desk.Model.FindSectionsAsync(story, Cancel)).Content, f => f.Section == "20");
        Assert.Contains((await Desk.Model.FindSectionsAsync(instruction, Cancel)).Content, f => f.Section == "352");
    }

    [Theory]
    [InlineData("add section 999", "no section 999")]
    [InlineData("Sections: 303(2), 420, 66D of the IT Act", "no section 420")]
    [InlineData("add section xyz", "\"add section xyz\"")]
    [InlineData("please add section", "\"please add section\"")]
    [InlineData("add section 9999", "\"add section 9999\"")]
    [InlineData("add section 66D of the IT Act", "Sections: 303(2), 66D of the IT Act")]
    [InlineData("add section 66 of the Information Technology Act", "Changes no section")]
    [InlineData("add 66 of the Information Technology Act", "Changes no section")]
    [InlineData("remove section 3 of the Act of Nobody", "Changes no section")]
    [InlineData("remove section theft\nadd section 352", "\"remove section theft\"")]
    [InlineData(
        "add section 351(2); 352",
        "in part, and kept as your remark in the FIR: \"add section 351(2); 352\" (done: add section 351(2))"
    )]
    [InlineData("add sections 351(2) read with 3(5)", "(done: add sections 351(2))")]
    [InlineData("add section 352, for he insulted me", "\"add section 352, for he insulted me\" (done: add section 352)")]
    public async Task A_section_that_does_not_exist_or_cannot_be_read_is_named_to_the_officer(string written, string said)
    {
        var input = Desk.Input("My bag was stolen", new OfficerNote(ReviewStep.ViolationsReview, written));

        Assert.Contains(said, (await Desk.Model.FindSectionsAsync(input, Cancel)).Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add section 351(2)")]
    [InlineData("remove section 303")]
    [InlineData("do not add section 351(2)")]
    [InlineData("Please add sections 351(2) and 352 of the BNS.")]
    [InlineData("Please add section 352 of the Bharatiya Nyaya Sanhita, 2023.")]
    [InlineData("add section 351(2),\u00A0115(2)")]
    [InlineData("Sections: 303(2), 66D of the IT Act")]
    [InlineData("He broke the lock of the middle section.")]
    public async Task Of_sections_that_exist_and_of_remarks_there_is_nothing_to_say(string written)
    {
        var input = Desk.Input("My bag was stolen and he beat me", new OfficerNote(ReviewStep.ViolationsReview, written));

        Assert.Null((await Desk.Model.FindSectionsAsync(input, Cancel)).Notice);
    }

    [Fact]
    public async Task When_no_section_is_found_the_officer_is_told() =>
        Assert.NotNull((await Desk.Model.FindSectionsAsync(Desk.Input("Test"), Cancel)).Notice);

    [Fact]
    public async Task The_narrative_tells_the_complaint_in_the_third_person()
    {
        var narrative = (await Desk.Draft(Desk.Input(Complaints.Theft), Cancel)).Narrative!;

        Assert.StartsWith(
            "The complainant, Ramesh Kumar, s/o Suresh Kumar, aged 34 years, occupation shopkeeper, r/o House No. 12, Gali No. 3, Shastri Nagar, Meerut, telephone 9812345678, states that:",
            narrative,
            StringComparison.Ordinal
        );
        Assert.Contains("the complainant parked the complainant's black Hero Splendor motorcycle", narrative, StringComparison.Ordinal);
        Assert.Contains("Place of occurrence: near Begum Bridge market", narrative, StringComparison.Ordinal);
        Assert.DoesNotContain(" I ", narrative.Split("Particulars stated:")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_narrative_loses_no_sentence_and_no_fact()
    {
        foreach (var (complaint, receivedAt) in Complaints.All)
        {
            var narrative = (await Desk.Draft(Desk.Input(complaint, receivedAt), Cancel)).Narrative!;

            Assert.All(Sentences.Of(complaint), s => Assert.Contains(ThirdPerson.Convert(s), narrative, StringComparison.Ordinal));
            Assert.All(
                FactExtractor.Extract(complaint, receivedAt).Values.Values,
                fact => Assert.Contains(fact, narrative, StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("I parked my car.", "The complainant parked the complainant's car.")]
    [InlineData("I am afraid and I have no money.", "The complainant is afraid and the complainant has no money.")]
    [InlineData("He said \"I will kill you\" to me.", "He said \"I will kill you\" to the complainant.")]
    [InlineData("It was in DLF Phase I near my house.", "It was in DLF Phase I near the complainant's house.")]
    [InlineData("I'm ill.", "The complainant is ill.")]
    [InlineData("मेरा मोबाइल I चोरी", "मेरा मोबाइल I चोरी")]
    public void First_person_becomes_third(string sentence, string expected) => Assert.Equal(expected, ThirdPerson.Convert(sentence));
}
