using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Statutes;

namespace AfirGen.Tests.Drafting;

public sealed partial class StatuteTests
{
    [Fact]
    [Trait("Defect", "D-04")]
    public void All_358_sections_of_the_BNS_are_indexed_without_a_gap()
    {
        Assert.Equal(358, StatuteIndex.ExpectedSectionCount);
        Assert.Equal(StatuteIndex.ExpectedSectionCount, Desk.Statutes.SectionCount);
        Assert.Equal(Enumerable.Range(1, 358), Desk.Table.Sections.Select(s => s.Number).Order());
        Assert.All(Desk.Table.Sections, s => Assert.False(string.IsNullOrWhiteSpace(s.Title)));
    }

    [Fact]
    public void Every_row_of_the_schedule_belongs_to_a_section_and_is_complete()
    {
        Assert.Equal(459, Desk.Table.Schedule.Count());
        Assert.All(
            Desk.Table.Schedule,
            row =>
            {
                Assert.NotNull(Desk.Table.Describe(row.Section).Punishment);
                Assert.All(
                    [row.Cognizable, row.Bailable, row.Court, row.Punishment],
                    value => Assert.False(string.IsNullOrWhiteSpace(value))
                );
            }
        );
    }

    [Fact]
    public void Every_text_of_the_schedule_reads_well()
    {
        foreach (var row in Desk.Table.Schedule)
        {
            Assert.All(
                [row.Cognizable, row.Bailable, row.Court, row.Punishment],
                text =>
                {
                    var fault = Faulty().Match(text);
                    Assert.False(fault.Success, $"{row.Section}: '{fault.Value}' in: {text}");
                    Assert.Matches(@"^\p{Lu}[^.]*\.\z", text); // one sentence
                    Assert.Equal(text.Count(c => c == '('), text.Count(c => c == ')'));
                }
            );
            Assert.DoesNotMatch(@"[Cc]ognizable|[Bb]ailable", row.Punishment);
            Assert.DoesNotMatch("[Cc]ognizable", row.Bailable);
            Assert.DoesNotMatch("[Bb]ailable", row.Cognizable);
        }
    }

    /// <summary>Remains of other sentences, of another row, and of typing.</summary>
    [GeneratedRegex(
        @"(?<!shall )not be less|(?<!for|of|be) not less|not less than \d+ \w+,? (?!but which may extend)(which|to)\b|\bas above|shall be punished|(conviction|or|and), with|for \d+ \w+ but which|(?<!,) or both|\w or fine|[ ]{2}|[ ][,.;)]|[(] |[,;](?![ 0-9])|\bof of\b|\bfine, of\b|[^\x20-\x7E]"
    )]
    private static partial Regex Faulty();

    [Fact]
    public void A_keyword_is_a_word_or_a_pair_of_words()
    {
        // Longer phrases would match by their halves: "public servant" for "assaulted public servant".
        Assert.All(Desk.Table.Sections.SelectMany(s => s.Keywords), keyword => Assert.InRange(ContentWords.Of(keyword).Count, 1, 2));
    }

    [Theory]
    [InlineData("103(1)", "Punishment for murder")]
    [InlineData("106(1)", "Causing death by negligence")]
    [InlineData("115(2)", "Voluntarily causing hurt")]
    [InlineData("303(2)", "Theft")]
    [InlineData("309(4)", "Robbery")]
    [InlineData("316(2)", "Criminal breach of trust")]
    [InlineData("318(4)", "Cheating")]
    [InlineData("351(2)", "Criminal intimidation")]
    [InlineData("85", "Husband or relative of husband of a woman subjecting her to cruelty")]
    public void A_section_is_described_as_the_schedule_classifies_it(string section, string title)
    {
        var described = Desk.Table.Describe(section);

        Assert.Equal(title, described.Title);
        Assert.NotNull(described.Cognizable);
        Assert.NotNull(described.Court);
    }

    [Fact]
    public void A_section_with_two_rows_shows_both_and_the_condition()
    {
        var theft = Desk.Table.Describe("303(2)");

        Assert.Equal("Cognizable; or, if the property is worth less than 5,000 rupees: Non-cognizable.", theft.Cognizable);
        Assert.Equal("Any Magistrate.", theft.Court);
    }

    [Theory]
    [InlineData("359")]
    [InlineData("0")]
    [InlineData("66D of the IT Act")]
    [InlineData("")]
    public void What_the_table_does_not_know_is_cited_and_nothing_is_invented_about_it(string section)
    {
        var described = Desk.Table.Describe(section);

        Assert.Equal(section, described.Section);
        Assert.Null(described.Cognizable);
        Assert.Null(described.Punishment);
    }

    [Theory]
    [InlineData("My motorcycle was stolen from outside the shop", "303(2)")]
    [InlineData("Two boys on a bike snatched my gold chain and fled", "304(2)")]
    [InlineData("Someone broke open the lock of my house at night and stole cash from the almirah", "331(4)")]
    [InlineData("They showed a knife and took my wallet, I was robbed", "309(4)")]
    [InlineData("I was cheated by UPI fraud, I shared the OTP", "318(4)")]
    [InlineData("I entrusted my scooter to him for safe custody and he sold it", "316(2)")]
    [InlineData("A scrap dealer bought stolen phones", "317(2)")]
    [InlineData("He slapped and kicked me", "115(2)")]
    [InlineData("He hit me and my arm is fractured", "117(2)")]
    [InlineData("They blocked my way and restrained me", "126(2)")]
    [InlineData("He threatened me with dire consequences", "351(3)")]
    [InlineData("He abused me and insulted me with gali galoch", "352")]
    [InlineData("My husband and in-laws demand dowry", "85")]
    [InlineData("He is stalking me and keeps following my daughter", "78(2)")]
    [InlineData("He threw acid on her", "124(1)")]
    [InlineData("My minor son was kidnapped", "137(2)")]
    [InlineData("The car was driven rashly at high speed", "281")]
    [InlineData("They demanded hafta, it is extortion", "308(2)")]
    [InlineData("A mob lynched him, it is murder", "103(2)")]
    [InlineData("mere saath marpeet hui", "115(2)")]
    [InlineData("मेरे घर से चोरी हुई", "303(2)")]
    public void The_first_suggestion_fits_the_offence(string complaint, string section) =>
        Assert.Equal(section, Desk.Statutes.Search(complaint)[0].Section);

    [Fact]
    public void Suggestions_name_the_words_that_led_to_them_and_never_a_general_section()
    {
        foreach (var complaint in new[] { Complaints.Theft, Complaints.Cheating, Complaints.Assault })
        {
            var findings = Desk.Statutes.Search(complaint);

            Assert.NotEmpty(findings);
            Assert.All(findings, f => Assert.NotEmpty(f.MatchedTerms));
            Assert.All(
                findings,
                f => Assert.True(int.Parse(f.Section.Split('(')[0], System.Globalization.CultureInfo.InvariantCulture) > 48)
            );
            Assert.Equal(findings.OrderByDescending(f => f.Score), findings);
        }
    }

    [Theory]
    [InlineData("Test")]
    [InlineData("The amount one = five hundred")]
    [InlineData("My flat is in Gali No. 3")]
    public void Text_that_names_no_offence_finds_none(string text) => Assert.Empty(Desk.Statutes.Search(text));

    [Theory]
    [InlineData("\" OR NEAR(stolen AND NOT -theft* : ^ {words} ( stolen")]
    [InlineData("stolen'; DROP TABLE statutes; --")]
    [InlineData("words:stolen AND rowid")]
    [InlineData("😀 stolen 👨‍👩‍👧 \0 \uD800")]
    public void No_text_can_break_the_query(string text) => Assert.Contains(Desk.Statutes.Search(text), f => f.Section == "303(2)");

    [Fact]
    public void The_index_answers_many_threads_alike()
    {
        var expected = Desk.Statutes.Search(Complaints.Assault).Select(f => (f.Section, f.Score)).ToList();

        Parallel.For(0, 64, _ => Assert.Equal(expected, Desk.Statutes.Search(Complaints.Assault).Select(f => (f.Section, f.Score))));
    }
}
