using System.Collections.Frozen;
using static AfirGen.Api.Drafting.Form.FieldKeys;
using static AfirGen.Api.Drafting.Form.FieldSource;

namespace AfirGen.Api.Drafting.Form;

/// <summary>
/// The form I.I.F.-I, First Information Report under section 173 B.N.S.S., described once: extraction fills these fields,
/// officers correct them by name, the renderer prints them and registration checks them.
/// </summary>
internal static class FirForm
{
    public const string NotRecorded = "Not recorded";

    public static IReadOnlyList<FormItem> Items { get; } =
    [
        new(1, "Station and number"),
        new(2, "Acts and sections"),
        new(3, "Occurrence of offence; information received; General Diary"),
        new(4, "Type of information"),
        new(5, "Place of occurrence"),
        new(6, "Complainant / informant"),
        new(7, "Known, suspected or unknown accused"),
        new(8, "Reasons for delay in reporting"),
        new(9, "Particulars of properties"),
        new(10, "Total value of property"),
        new(11, "Inquest report / U.D. case"),
        new(12, "First information contents"),
        new(13, "Action taken"),
        new(14, "Signature / thumb impression of the complainant"),
        new(15, "Despatch to the court"),
    ];

    public static IReadOnlyList<FormField> Fields { get; } =
    [
        new(District, "1", "District", Station) { Aliases = ["District/Unit", "Unit"] },
        new(State, "1", "State", Station),
        new(PoliceStation, "1", "Police station", Station) { Aliases = ["P.S.", "Station"] },
        new(Year, "1", "Year", Record) { Correctable = false },
        new(FirNumber, "1", "FIR draft no.", Record) { Correctable = false, Aliases = ["FIR No", "FIR"] },
        new(RegistrationNumber, "1", "FIR no. (serial of the year)", Record) { Correctable = false, Aliases = ["Registration no"] },
        new(FirDate, "1", "Date and time of FIR", Record) { Correctable = false, Aliases = ["Date", "Date of FIR", "Date of report"] },
        new(Acts, "2", "Acts", Record) { Aliases = ["Act", "Legal acts", "Applicable acts"] },
        new(Sections, "2", "Sections", Record)
        {
            Mandatory = true,
            Aliases = ["Section", "Sections of law", "Under section", "U/s", "Legal sections", "Applicable sections", "Violations"],
        },
        new(OccurrenceDay, "3a", "Day", Complaint) { Aliases = ["Day of occurrence"] },
        new(DateFrom, "3a", "Date of occurrence (from)", Complaint)
        {
            Mandatory = true,
            Aliases = ["Date from", "Date of occurrence", "Occurrence date", "Incident date", "Date of incident", "Occurrence of Offence"],
        },
        new(DateTo, "3a", "Date to", Complaint) { Aliases = ["Date of occurrence (to)", "Incident date to"] },
        new("time_period", "3a", "Time period (pahar)", Officer) { Aliases = ["Pahar"] },
        new(TimeFrom, "3a", "Time from", Complaint) { Aliases = ["Time", "Time of occurrence", "Time of incident", "Incident time"] },
        new(TimeTo, "3a", "Time to", Complaint),
        new(InformationReceived, "3b", "Information received at P.S.", Record) { Aliases = ["Information recieved", "Received at"] },
        new("gd_entry", "3c", "General Diary entry no.", Officer) { Aliases = ["GD entry", "GD no", "General diary reference", "DD no"] },
        new("gd_time", "3c", "General Diary time", Officer) { Aliases = ["GD time"] },
        new(InformationType, "4", "Written / oral", Record) { Aliases = ["Type of information"] },
        new("distance_direction", "5a", "Direction and distance from P.S.", Officer)
        {
            Aliases = ["Distance from PS", "Direction", "Distance"],
        },
        new("beat_number", "5a", "Beat no.", Officer) { Aliases = ["Beat"] },
        new(Place, "5b", "Place of occurrence", Complaint)
        {
            Mandatory = true,
            TakesLines = true,
            Aliases = ["Place", "Location", "Incident location", "Place of incident", "Scene of crime"],
        },
        new("occurrence_address", "5b", "Address of occurrence", Officer)
        {
            TakesLines = true,
            Aliases = ["Address of Occurrence", "Incident address"],
        },
        new("outside_station", "5c", "If outside this P.S.: police station", Officer) { Aliases = ["Outside police station"] },
        new("outside_district", "5c", "If outside this P.S.: district", Officer) { Aliases = ["Outside district"] },
        new(ComplainantName, "6a", "Complainant's name", Complaint)
        {
            Mandatory = true,
            Aliases = ["Complainant", "Complainant name", "Name of complainant", "Informant", "Informant name", "Full name", "Name"],
        },
        new(RelativeName, "6b", "Father's / husband's name", Complaint)
        {
            Aliases = ["father_name/husband_name", "Father name", "Father's name", "Husband name", "Husband's name", "s/o", "d/o", "w/o"],
        },
        new(BirthOrAge, "6c", "Date or year of birth, or age", Complaint) { Aliases = ["dateofbirth", "DOB", "Age", "Year of birth"] },
        new(Nationality, "6d", "Nationality", Complaint),
        new(Uid, "6e", "UID (Aadhaar) no.", Complaint) { Aliases = ["Aadhaar", "Aadhar", "Aadhaar no", "UID no"] },
        new(Passport, "6f", "Passport no.", Complaint) { Aliases = ["Passport", "Passport no"] },
        new("passport_issue", "6f", "Passport: date and place of issue", Officer)
        {
            Aliases = ["Passport date of issue", "Passport place of issue"],
        },
        new("id_documents", "6g", "Other identity documents", Officer)
        {
            TakesLines = true,
            Aliases = ["ID documents", "ID", "Voter ID", "Ration card"],
        },
        new(Occupation, "6h", "Occupation", Complaint) { Aliases = ["Profession"] },
        new(ComplainantAddress, "6i", "Complainant's address", Complaint)
        {
            Mandatory = true,
            TakesLines = true,
            Aliases = ["Address", "Complainant address", "Address of complainant", "Present address", "r/o", "Resident of", "Residence"],
        },
        new("permanent_address", "6i", "Permanent address", Officer) { TakesLines = true },
        new(Phone, "6j", "Phone / mobile", Complaint)
        {
            Aliases = ["Contact", "Contact number", "Phone", "Phone number", "Mobile", "Mobile number", "Mobile no", "Telephone"],
        },
        new(Email, "6j", "E-mail", Complaint) { Aliases = ["Email", "E-mail address"] },
        new(Accused, "7", "Accused", Complaint)
        {
            TakesLines = true,
            Aliases = ["Suspect_details", "Suspect", "Suspects", "Accused name", "Name of accused", "Accused details", "Accused persons"],
        },
        new(AccusedDescription, "7", "Physical features, dress and other particulars", Complaint)
        {
            TakesLines = true,
            Aliases = ["Description of accused", "Physical features", "Suspect description"],
        },
        new(AccusedTraces, "7", "Vehicles, telephone numbers and accounts used", Complaint)
        {
            TakesLines = true,
            Aliases = ["Accused vehicle", "Accused phone"],
        },
        new(DelayReason, "8", "Reasons for delay", Complaint)
        {
            TakesLines = true,
            Aliases = ["reasons_for_delayed_reporting", "delayed_reporting_reasons", "Reason for delay", "Delay"],
        },
        new(Property, "9", "Property", Complaint)
        {
            TakesLines = true,
            Aliases = ["Properties", "Property stolen", "Stolen property", "Particulars of property"],
        },
        new(PropertyTotal, "10", "Total value", Complaint) { Aliases = ["Total", "Value of property", "Property value"] },
        new("inquest_number", "11", "Inquest report / U.D. case no.", Officer) { Aliases = ["Inquest", "UD case no", "Inquest report"] },
        new(FirstInformation, "12", "Complaint as received", Record)
        {
            Mandatory = true,
            Correctable = false,
            Aliases = ["Complaint"],
        },
        new(Summary, "12", "Summary", Record) { TakesLines = true, Aliases = ["incident_summary"] },
        new(Narrative, "12", "Narrative", Record)
        {
            TakesLines = true,
            Aliases = ["Incident description", "Description of incident", "Detailed description"],
        },
        new(Witnesses, "12", "Witnesses", Complaint) { TakesLines = true, Aliases = ["Witness", "Name of witness"] },
        new("action_taken", "13", "Action taken", Officer) { TakesLines = true, Aliases = ["Action"] },
        new("io_name", "13", "Investigating officer", Officer) { Aliases = ["IO", "I.O. name", "Investigating officer name"] },
        new("io_rank", "13", "Investigating officer's rank", Officer) { Aliases = ["I.O. rank", "Investigating officer rank"] },
        new("io_number", "13", "Investigating officer's no.", Officer) { Aliases = ["I.O. no"] },
        new("investigation_status", "13", "Status of investigation", Officer),
        new("refusal_reason", "13", "If refused: reason", Officer) { TakesLines = true, Aliases = ["Refused because"] },
        new("transferred_to", "13", "If transferred: P.S. and district", Officer) { Aliases = ["Transferred"] },
        new("roac", "13", "R.O.A.C. (read over, admitted correct, copy given)", Officer) { Aliases = ["Read over", "Copy given"] },
        new(OfficerName, "13", "Officer in charge", Station) { Aliases = ["Officer", "Officer in charge name", "SHO"] },
        new(OfficerRank, "13", "Officer's rank", Station) { Aliases = ["Rank"] },
        new(OfficerNumber, "13", "Officer's no.", Station) { Aliases = ["Officer no", "Belt no"] },
        new("complainant_signature", "14", "Signature / thumb impression", Officer) { Aliases = ["Signature", "Thumb impression"] },
        new("despatch", "15", "Date and time of despatch", Officer)
        {
            Aliases = ["date_of_despatch", "Date of dispatch", "Dispatch", "date_of_dispatch"],
        },
    ];

    private static readonly FrozenDictionary<string, FormField> ByName = Fields
        .SelectMany(f => f.Aliases.Append(f.Key).Append(f.Label).Select(name => (Name: Normalised(name), Field: f)))
        .DistinctBy(pair => pair.Name)
        .ToFrozenDictionary(pair => pair.Name, pair => pair.Field, StringComparer.Ordinal);

    /// <summary>The field that a label, key or alias names, whatever its case and punctuation; null when none does.</summary>
    public static FormField? Find(string name) => ByName.GetValueOrDefault(Normalised(name));

    public static FormField Field(string key) => ByName[Normalised(key)];

    private static string Normalised(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
