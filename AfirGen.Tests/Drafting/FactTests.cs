using AfirGen.Api.Drafting.Facts;
using AfirGen.Api.Drafting.Form;
using static AfirGen.Api.Drafting.Form.FieldKeys;

namespace AfirGen.Tests.Drafting;

public sealed class FactTests
{
    [Fact]
    public void A_theft_complaint_gives_its_facts()
    {
        var facts = FactExtractor.Extract(Complaints.Theft, Complaints.TheftReceivedAt);

        Has(facts, ComplainantName, "Ramesh Kumar");
        Has(facts, RelativeName, "s/o Suresh Kumar");
        Has(facts, BirthOrAge, "aged 34 years");
        Has(facts, ComplainantAddress, "House No. 12, Gali No. 3, Shastri Nagar, Meerut");
        Has(facts, Phone, "9812345678");
        Has(facts, Occupation, "shopkeeper");
        Has(facts, DateFrom, "15/10/2026");
        Has(facts, OccurrenceDay, "Thursday");
        Has(facts, TimeFrom, "about 7:30 pm");
        Has(facts, Place, "near Begum Bridge market");
        Has(facts, Accused, "Two unknown persons");
        Has(facts, Witnesses, "Mohan Lal; Imran Khan");
        Assert.Contains("red helmet", facts[AccusedDescription], StringComparison.Ordinal);
        Assert.StartsWith("I could not report the same night", facts[DelayReason], StringComparison.Ordinal);
        Assert.Equal(
            [
                new PropertyItem("black Hero Splendor motorcycle bearing registration number UP 15 AB 1234, worth Rs 45,000", 45_000),
                new PropertyItem("Samsung Galaxy M32 mobile phone, IMEI 356938035643809, worth Rs 18,500", 18_500),
            ],
            facts.Property
        );
    }

    [Fact]
    public void A_cheating_complaint_gives_its_facts()
    {
        var facts = FactExtractor.Extract(Complaints.Cheating, Complaints.CheatingReceivedAt);

        Has(facts, ComplainantName, "Sunita Sharma");
        Has(facts, RelativeName, "w/o Anil Sharma");
        Has(facts, ComplainantAddress, "Flat 204, Green Park Apartments, Sector 18, Noida");
        Has(facts, Phone, "9876501234");
        Has(facts, Email, "sunita.sharma@example.in");
        Has(facts, Occupation, "teacher");
        Has(facts, DateFrom, "20/09/2026");
        Has(facts, TimeFrom, "11:15 am");
        Has(facts, Place, "Flat 204, Green Park Apartments, Sector 18, Noida");
        Has(facts, Accused, "a person calling himself or herself Rahul Verma");
        Has(facts, AccusedTraces, "telephone 7012345678; UPI rverma22@okpay");
        Assert.Equal([48_500m, 25_000m], facts.Property.Select(p => p.Rupees));
    }

    [Fact]
    public void An_assault_complaint_gives_its_facts()
    {
        var facts = FactExtractor.Extract(Complaints.Assault, Complaints.AssaultReceivedAt);

        Has(facts, ComplainantName, "Imtiaz Ali");
        Has(facts, RelativeName, "s/o Karim Ali");
        Has(facts, ComplainantAddress, "Village Rampur, Post Office Barwala, District Hisar, Haryana");
        Has(facts, Phone, "+91 98123 45670");
        Has(facts, Occupation, "farmer");
        Has(facts, DateFrom, "02/11/2026");
        Has(facts, TimeFrom, "about 9 pm");
        Has(facts, Place, "Near Shiv Mandir, Rampur");
        Has(facts, Accused, "Vikram Singh, s/o Balbir Singh; Ajay Singh");
        Has(facts, AccusedDescription, "Vikram Singh is tall and has a beard.");
        Has(facts, Witnesses, "Suresh Pal; Dharam Veer");
        Assert.Equal([new PropertyItem("mobile phone, worth Rs 12,000", 12_000)], facts.Property);
    }

    [Theory]
    [InlineData("It happened on 15.10.2026.", "15/10/2026")]
    [InlineData("It happened on 15-10-26.", "15/10/2026")]
    [InlineData("It happened on 15th October 2026.", "15/10/2026")]
    [InlineData("It happened on October 15, 2026.", "15/10/2026")]
    [InlineData("It happened on 15 October.", "15/10/2026")]
    [InlineData("It happened on 25 December.", "25/12/2025")]
    [InlineData("It happened the day before yesterday.", "14/10/2026")]
    [InlineData("I was born on 01/02/1990.", null)]
    [InlineData("It happened on 31/02/2026.", null)]
    [InlineData("It will happen on 17/10/2026.", null)]
    [InlineData("It happened.", null)]
    public void Dates_are_read_in_the_forms_that_complaints_use(string text, string? expected) =>
        Assert.Equal(expected, FactExtractor.Extract(text, Complaints.TheftReceivedAt)[DateFrom]);

    [Fact]
    [Trait("Defect", "D-13")]
    public void Yesterday_counts_from_the_day_in_India()
    {
        // 18:30 UTC on the 15th is 00:00 on the 16th in India.
        var facts = FactExtractor.Extract("My bag was stolen yesterday.", new DateTimeOffset(2026, 10, 15, 18, 30, 0, TimeSpan.Zero));

        Has(facts, DateFrom, "15/10/2026");
    }

    [Theory]
    [InlineData("between 9 pm and 10 pm", "9 pm", "10 pm")]
    [InlineData("from 9 to 10 pm", "9 pm", "10 pm")]
    [InlineData("at about 21:30", "about 21:30", null)]
    [InlineData("at 2130 hrs", "2130 hrs", null)]
    public void Times_and_ranges_are_read(string text, string from, string? to)
    {
        var facts = FactExtractor.Extract($"He came {text} and left.", Complaints.TheftReceivedAt);

        Has(facts, TimeFrom, from);
        Assert.Equal(to, facts[TimeTo]);
    }

    [Theory]
    [InlineData("Rs 45,000", 45_000)]
    [InlineData("Rs.45,000/-", 45_000)]
    [InlineData("₹1,50,000", 150_000)]
    [InlineData("1.5 lakh", 150_000)]
    [InlineData("2 lakhs rupees", 200_000)]
    [InlineData("500 rupees", 500)]
    [InlineData("Rs 2 crore", 20_000_000)]
    public void Amounts_are_read_as_Indians_write_them(string text, int rupees) =>
        Assert.Equal(rupees, Assert.Single(Rupees.In($"He took {text} from me")).Value);

    [Theory]
    [InlineData(999, "Rs 999")]
    [InlineData(45_000, "Rs 45,000")]
    [InlineData(150_000, "Rs 1,50,000")]
    [InlineData(12_345_678, "Rs 1,23,45,678")]
    public void Amounts_are_written_with_Indian_grouping(int amount, string expected) => Assert.Equal(expected, Rupees.Format(amount));

    [Theory]
    [InlineData("I am Hindu and I live in peace. He hit me.")]
    [InlineData("The accused Ravi Kumar r/o Delhi called me from 9812345678.")]
    [InlineData("I am Indian. My phone 356938035643809 is lost.")]
    [Trait("Defect", "D-06")]
    public void What_is_not_plainly_the_complainants_is_left_out(string text)
    {
        var facts = FactExtractor.Extract(text, Complaints.TheftReceivedAt);

        Assert.Null(facts[ComplainantName]);
        Assert.Null(facts[Phone]);
        Assert.DoesNotContain("Delhi", facts[ComplainantAddress] ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_hurried_complaint_without_much_punctuation_is_read_too()
    {
        var facts = FactExtractor.Extract(
            "Sir, I Manoj Tiwari S/O Late Ram Prasad Tiwari age 45 R/O 221 Civil Lines Kanpur M.No 9454012345. On 12.10.26 night 11 pm some unknown "
                + "thieves entered my shop at Naveen Market by breaking shutter lock and took away 5 laptops worth Rs 2.5 lakh and cash Rs 40,000.",
            Complaints.TheftReceivedAt
        );

        Has(facts, ComplainantName, "Manoj Tiwari");
        Has(facts, RelativeName, "s/o Late Ram Prasad Tiwari");
        Has(facts, ComplainantAddress, "221 Civil Lines Kanpur");
        Has(facts, Phone, "9454012345");
        Has(facts, DateFrom, "12/10/2026");
        Has(facts, Place, "at Naveen Market");
        Assert.Equal([250_000m, 40_000m], facts.Property.Select(p => p.Rupees));
    }

    [Theory]
    [InlineData("my husband beat me. my name is kavita devi", "kavita devi")]
    [InlineData("my name is not important.", null)]
    public void A_name_in_small_letters_is_taken_where_it_plainly_ends(string text, string? name) =>
        Assert.Equal(name, FactExtractor.Extract(text, Complaints.TheftReceivedAt)[ComplainantName]);

    [Fact]
    public void Parts_and_their_total_are_not_added_up_twice()
    {
        var facts = FactExtractor.Extract(
            "I invested 3 lakh rupees on the advice of one Karan Mehta who contacted me. I sent Rs 1,00,000 on 1 October 2026 and Rs 2,00,000 on 5 October 2026.",
            Complaints.TheftReceivedAt
        );

        Assert.Equal([100_000m, 200_000m], facts.Property.Select(p => p.Rupees));
        Has(facts, Accused, "Karan Mehta");
    }

    [Fact]
    public void Every_fact_is_a_field_of_the_form()
    {
        var facts = FactExtractor.Extract(Complaints.Theft, Complaints.TheftReceivedAt);

        Assert.All(facts.Values.Keys, key => Assert.Equal(FieldSource.Complaint, FirForm.Field(key).Source));
    }

    private static void Has(FirFacts facts, string key, string expected) => Assert.Equal(expected, facts[key]);
}
