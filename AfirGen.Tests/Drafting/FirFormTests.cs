using AfirGen.Api.Drafting.Form;

namespace AfirGen.Tests.Drafting;

public sealed class FirFormTests
{
    [Fact]
    public void Keys_are_unique_and_every_key_label_and_alias_finds_its_own_field()
    {
        Assert.Equal(FirForm.Fields.Count, FirForm.Fields.Select(f => f.Key).Distinct().Count());
        Assert.All(
            FirForm.Fields,
            field =>
                Assert.All(field.Aliases.Append(field.Key).Append(field.Label), name => Assert.Equal(field.Key, FirForm.Find(name)?.Key))
        );
    }

    [Theory]
    [InlineData("fir_number")]
    [InlineData("police_station")]
    [InlineData("district")]
    [InlineData("state")]
    [InlineData("year")]
    [InlineData("date")]
    [InlineData("date_of_despatch")]
    [InlineData("Information recieved")]
    [InlineData("Acts")]
    [InlineData("Sections")]
    [InlineData("Occurrence of Offence")]
    [InlineData("Date from")]
    [InlineData("Date to")]
    [InlineData("Time from")]
    [InlineData("Time to")]
    [InlineData("Place of Occurrence")]
    [InlineData("Address of Occurrence")]
    [InlineData("complainant_name")]
    [InlineData("dateofbirth")]
    [InlineData("Nationality")]
    [InlineData("father_name/husband_name")]
    [InlineData("complainant_address")]
    [InlineData("complainant_contact")]
    [InlineData("passport_number")]
    [InlineData("occupation")]
    [InlineData("Suspect_details")]
    [InlineData("reasons_for_delayed_reporting")]
    [InlineData("incident_description")]
    [InlineData("summary")]
    [InlineData("action_taken")]
    [InlineData("witnesses")]
    [InlineData("io_name")]
    [InlineData("io_rank")]
    [InlineData("investigation_status")]
    public void The_fields_of_the_old_form_are_in_the_new_one(string name) => Assert.NotNull(FirForm.Find(name));
}
