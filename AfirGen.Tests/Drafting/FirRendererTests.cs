using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;

namespace AfirGen.Tests.Drafting;

public sealed class FirRendererTests
{
    [Theory]
    [InlineData(Complaints.Theft)]
    [InlineData(Complaints.Cheating)]
    [InlineData(Complaints.Assault)]
    [InlineData("Test")]
    [InlineData("मेरा नाम रमेश है। मेरा मोबाइल चोरी हो गया।\r\n\tதிருட்டு 👨‍👩‍👧‍👦 <b>O'Brien</b> & ₹500")]
    [Trait("Defect", "D-05")]
    [Trait("Defect", "D-07")]
    [Trait("Defect", "D-08")]
    public async Task Every_approved_artefact_and_the_complaint_stand_in_the_FIR_verbatim(string complaint)
    {
        var input = await Desk.Draft(Desk.Input(complaint), TestContext.Current.CancellationToken);

        var content = Desk.Render(input).Content;

        Assert.Contains($"\n{complaint}\n", content, StringComparison.Ordinal);
        Assert.Contains(input.Transcript!, content, StringComparison.Ordinal);
        Assert.Contains(input.Summary!, content, StringComparison.Ordinal);
        Assert.Contains(input.Narrative!, content, StringComparison.Ordinal);
        Assert.Contains("FIR-0a1b2c3d-20261016100000", content, StringComparison.Ordinal);
        Assert.All(
            input.Sections,
            s =>
            {
                Assert.Contains($"Section {s.Section}: {s.Title}", content, StringComparison.Ordinal);
                Assert.All(
                    [s.Cognizable, s.Bailable, s.Court, s.Punishment],
                    v => Assert.Contains(v ?? FirForm.NotRecorded, content, StringComparison.Ordinal)
                );
            }
        );
    }

    [Fact]
    public void The_form_has_its_fifteen_items_in_order()
    {
        var content = Desk.Render(Desk.Input("Test")).Content;

        var positions = FirForm.Items.Select(i => content.IndexOf($"\n{i.Number}. {i.Title}\n", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(1, 15), FirForm.Items.Select(i => i.Number));
        Assert.All(positions, p => Assert.True(p > 0));
        Assert.Equal(positions.Order(), positions);
    }

    [Fact]
    [Trait("Defect", "D-06")]
    public void What_is_unknown_reads_Not_recorded_and_nothing_is_invented()
    {
        var fir = Desk.Render(Desk.Input("Test"));

        Assert.Equal(
            ["year", "fir_number", "fir_date", "information_received", "information_type", "first_information"],
            fir.Fields.Where(f => f.Recorded).Select(f => f.Key)
        );
        Assert.Equal("assigned at registration", fir.Field(FieldKeys.RegistrationNumber).Value);
        Assert.All(
            fir.Fields.Where(f => !f.Recorded && f.Key != FieldKeys.RegistrationNumber),
            f => Assert.Equal(FirForm.NotRecorded, f.Value)
        );
        Assert.All(
            ["Doe", "IPC", "379", "Central", "Metro City", "9876543210", "Rajesh", "Indian"],
            invented => Assert.DoesNotContain(invented, fir.Content, StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Defect", "D-06")]
    public async Task Registration_waits_for_exactly_the_mandatory_fields()
    {
        Assert.Equal(
            ["Sections", "Date of occurrence (from)", "Place of occurrence", "Complainant's name", "Complainant's address"],
            Desk.Render(Desk.Input("Test")).MissingMandatory
        );
        foreach (var (complaint, receivedAt) in Complaints.All)
        {
            var input = await Desk.Draft(Desk.Input(complaint, receivedAt), TestContext.Current.CancellationToken);
            Assert.Empty(Desk.Render(input).MissingMandatory);
        }
    }

    [Fact]
    public void An_officer_can_supply_every_mandatory_field_by_hand()
    {
        var fir = Desk.Render(
            Desk.Input(
                "Test",
                new OfficerNote(ReviewStep.TranscriptReview, "name of complainant: रमेश कुमार\nADDRESS: 12, Shastri Nagar"),
                new OfficerNote(ReviewStep.ViolationsReview, "Sections: 303(2), 66D of the IT Act"),
                new OfficerNote(ReviewStep.FinalReview, "Date of occurrence: unknown, found on return from leave\n- Place: his house")
            )
        );

        Assert.Empty(fir.MissingMandatory);
        Assert.Equal("unknown, found on return from leave", fir.Field(FieldKeys.DateFrom).Value);
        Assert.Equal("रमेश कुमार", fir.Field(FieldKeys.ComplainantName).Value);
        Assert.Equal("303(2), 66D of the IT Act", fir.Field(FieldKeys.Sections).Value);
        Assert.Contains("Section 303(2): Theft", fir.Content, StringComparison.Ordinal);
        Assert.Contains("Section 66D of the IT Act: Cited by the officer", fir.Content, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-12")]
    public void The_officers_word_beats_the_extraction_and_the_later_line_the_earlier()
    {
        var fir = Desk.Render(
            Desk.Input(
                Complaints.Theft,
                new OfficerNote(
                    ReviewStep.TranscriptReview,
                    "complainant_contact: 9000000001\nFather's name: Mahesh Kumar\nThe complainant was calm."
                ),
                new OfficerNote(ReviewStep.FinalReview, "MOBILE: 9000000002\nWitnesses: not recorded")
            )
        );

        Assert.Equal("9000000002", fir.Field(FieldKeys.Phone).Value);
        Assert.Equal("Mahesh Kumar", fir.Field(FieldKeys.RelativeName).Value);
        Assert.False(fir.Field(FieldKeys.Witnesses).Recorded);
        Assert.Contains("The complainant was calm.", fir.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("9000000001", fir.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_the_service_assigns_cannot_be_written_by_hand_but_the_remark_stays()
    {
        var fir = Desk.Render(Desk.Input("Test", new OfficerNote(ReviewStep.FinalReview, "FIR No: 0001/2026")));

        Assert.Equal("FIR-0a1b2c3d-20261016100000", fir.Field(FieldKeys.FirNumber).Value);
        Assert.Contains("FIR No: 0001/2026", fir.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add section 351(2)")]
    [InlineData("Please remove sections 303 and 304.")]
    [InlineData("remove 303")]
    [InlineData("add section 303(2) of the BNS.")]
    [InlineData("add section 351(2),\u00A0115(2)")]
    public void A_command_about_sections_that_was_carried_out_is_no_remark(string command)
    {
        var fir = Desk.Render(Desk.Input("Test", new OfficerNote(ReviewStep.ViolationsReview, $"{command}\nHe limps.")));

        Assert.DoesNotContain(command, fir.Content, StringComparison.Ordinal);
        Assert.Contains("He limps.", fir.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add section 351(2), for he said that he would burn the shop")]
    [InlineData("add section 351(2); 352")]
    [InlineData("add section xyz")]
    [InlineData("add 66D of the IT Act")]
    [InlineData("remove section 66D of the IT Act")]
    public void What_an_officer_wrote_beside_a_command_or_what_was_not_carried_out_stays_a_remark(string remark)
    {
        var fir = Desk.Render(Desk.Input("Test", new OfficerNote(ReviewStep.ViolationsReview, remark)));

        Assert.Contains($"\n{remark}\n", fir.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_another_Act_that_was_removed_leaves_no_trace_in_the_FIR()
    {
        var fir = Desk.Render(
            Desk.Input(
                "Test",
                new OfficerNote(ReviewStep.ViolationsReview, "Sections: 303(2), 66D of the IT Act"),
                new OfficerNote(ReviewStep.ViolationsReview, "remove section 66D of the IT Act\r\nHe limps.")
            )
        );

        Assert.DoesNotContain("66D", fir.Content, StringComparison.Ordinal);
        Assert.Contains("He limps.", fir.Content, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Defect", "D-11")]
    public void A_section_whose_check_failed_says_not_checked()
    {
        var input = Desk.Input("Test") with
        {
            Sections = [Desk.Table.Describe("303(2)") with { Checked = false }, Desk.Table.Describe("352")],
        };

        var content = Desk.Render(input).Content;

        Assert.Single(content.Split('\n'), line => line.EndsWith("not checked", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Defect", "D-13")]
    public void Half_past_midnight_in_India_has_the_Indian_date_and_year()
    {
        var fir = Desk.Render(
            Desk.Input("Test", new DateTimeOffset(2026, 12, 31, 18, 29, 0, TimeSpan.Zero)),
            new DateTimeOffset(2026, 12, 31, 19, 0, 0, TimeSpan.Zero)
        );

        Assert.Equal("01/01/2027 00:30 IST", fir.Field(FieldKeys.FirDate).Value);
        Assert.Equal("2027", fir.Field(FieldKeys.Year).Value);
        Assert.Equal("31/12/2026 23:59 IST", fir.Field(FieldKeys.InformationReceived).Value);
    }

    [Fact]
    public void The_total_is_the_sum_of_the_items_and_a_stated_total_is_checked_against_it()
    {
        static string Total(params OfficerNote[] notes) =>
            Desk.Render(Desk.Input(Complaints.Theft, notes)).Field(FieldKeys.PropertyTotal).Value;

        Assert.Equal("Rs 63,500", Total());
        Assert.Equal(
            "Rs 60,000 (the items of 9 add up to Rs 63,500)",
            Total(new OfficerNote(ReviewStep.FinalReview, "Total value: Rs 60,000"))
        );
        Assert.Equal("Rs 7,000", Total(new OfficerNote(ReviewStep.FinalReview, "Property: watch Rs 5,000, purse Rs 2,000")));
    }

    [Fact]
    public void Station_and_officer_come_from_configuration()
    {
        var station = new StationOptions
        {
            Name = "Kotwali",
            District = "Meerut",
            State = "Uttar Pradesh",
            OfficerName = "A. Singh",
            OfficerRank = "Inspector",
        };

        var content = Desk.Render(Desk.Input("Test"), station: station).Content;

        Assert.All(
            ["Kotwali", "Meerut", "Uttar Pradesh", "A. Singh", "Inspector"],
            value => Assert.Contains(value, content, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Rendering_is_a_pure_function() =>
        Assert.Equal(Desk.Render(Desk.Input(Complaints.Assault)).Content, Desk.Render(Desk.Input(Complaints.Assault)).Content);
}
