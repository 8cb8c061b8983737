using AfirGen.Api.Drafting;
using AfirGen.Api.Drafting.Form;
using AfirGen.Api.Drafting.Sessions;
using AfirGen.Api.Pages;
using AfirGen.Api.Registry;
using AfirGen.Tests.Drafting;
using AfirGen.Tests.Sessions;

namespace AfirGen.Tests.Pages;

/// <summary>What the form on paper says.</summary>
public sealed class FirSheetTests
{
    [Fact]
    public void The_year_is_that_of_the_number_also_of_a_FIR_that_was_approved_in_the_year_before()
    {
        Assert.Equal("2026", Year(null));
        Assert.Equal("2027", Year(new("KTW", 2027, 1)));

        static string Year(OfficialNumber? number) =>
            Sheet(number).Items.SelectMany(item => item.Fields).Single(field => field.Key == FieldKeys.Year).Value;
    }

    [Fact]
    public void A_section_whose_check_failed_is_not_one_that_was_checked() =>
        Assert.Equal([("303(2)", false), ("352", true)], Sheet(null).Sections.Select(section => (section.Section, section.Checked)));

    private static FirSheet Sheet(OfficialNumber? number)
    {
        var session = SessionSamples
            .At_(ReviewStep.SummaryReview)
            .Apply(
                new SectionsDrafted([Desk.Table.Describe("303(2)") with { Checked = false }, Desk.Table.Describe("352")], "m", null),
                SessionSamples.At
            )
            .Apply(new NarrativeDrafted("n", "m", null), SessionSamples.At)
            .Apply(new FirRendered("FIR", [new(FieldKeys.Year, "1", "Year", "2026", true, true)]), SessionSamples.At);
        var fir = new FirRecord(
            session.FirNumber,
            session.SessionId,
            "",
            "FIR",
            null,
            FirStatus.Pending,
            "2026-12-31T18:00:00.0000000Z",
            null,
            number,
            null
        );
        return FirSheet.Of(fir, session, Desk.Table);
    }
}
