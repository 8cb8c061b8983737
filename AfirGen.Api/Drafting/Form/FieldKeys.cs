namespace AfirGen.Api.Drafting.Form;

/// <summary>The stable names of the fields that code refers to.</summary>
internal static class FieldKeys
{
    public const string District = "district";
    public const string State = "state";
    public const string PoliceStation = "police_station";
    public const string Year = "year";
    public const string FirNumber = "fir_number";
    public const string RegistrationNumber = "registration_number";
    public const string FirDate = "fir_date";
    public const string Acts = "acts";
    public const string Sections = "sections";
    public const string OccurrenceDay = "occurrence_day";
    public const string DateFrom = "date_from";
    public const string DateTo = "date_to";
    public const string TimeFrom = "time_from";
    public const string TimeTo = "time_to";
    public const string InformationReceived = "information_received";
    public const string InformationType = "information_type";
    public const string Place = "occurrence_place";
    public const string ComplainantName = "complainant_name";
    public const string RelativeName = "relative_name";
    public const string BirthOrAge = "date_of_birth";
    public const string Nationality = "nationality";
    public const string Uid = "uid";
    public const string Passport = "passport_number";
    public const string Occupation = "occupation";
    public const string ComplainantAddress = "complainant_address";
    public const string Phone = "complainant_contact";
    public const string Email = "complainant_email";
    public const string Accused = "accused";
    public const string AccusedDescription = "accused_description";
    public const string AccusedTraces = "accused_traces";
    public const string DelayReason = "delay_reason";
    public const string Property = "property";
    public const string PropertyTotal = "property_total";
    public const string FirstInformation = "first_information";
    public const string Summary = "summary";
    public const string Narrative = "incident_description";
    public const string Witnesses = "witnesses";
    public const string OfficerName = "officer_name";
    public const string OfficerRank = "officer_rank";
    public const string OfficerNumber = "officer_number";
}
