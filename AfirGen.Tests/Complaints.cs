namespace AfirGen.Tests;

/// <summary>Complaints as stations get them. Every name, number and place is made up.</summary>
internal static class Complaints
{
    /// <summary>Received on 16 October 2026. Expected: theft, 303(2).</summary>
    public const string Theft = """
        To,
        The Station House Officer,
        Police Station Kotwali.

        Subject: Theft of my motorcycle and mobile phone.

        Respected Sir,
        My name is Ramesh Kumar, s/o Suresh Kumar, aged 34 years, r/o House No. 12, Gali No. 3, Shastri Nagar, Meerut. My mobile number is 9812345678 and I work as a shopkeeper. On 15/10/2026 at about 7:30 pm I parked my black Hero Splendor motorcycle bearing registration number UP 15 AB 1234, worth Rs 45,000, near Begum Bridge market. When I came back between 8:00 pm and 8:30 pm the motorcycle was missing. My Samsung Galaxy M32 mobile phone, IMEI 356938035643809, worth Rs 18,500, which was kept in the side box, was also stolen. I searched everywhere but could not find them. Two unknown persons were seen pushing the motorcycle; one of them was wearing a red helmet. Mohan Lal and Imran Khan saw them going towards the bus stand. I could not report the same night because the battery of my scooter was dead and I had no transport. Please register my complaint and take action against the thieves.

        Yours faithfully,
        Ramesh Kumar
        """;

    /// <summary>Received on 21 September 2026. Expected: cheating 318(4), personation 319(2).</summary>
    public const string Cheating = """
        I, Sunita Sharma, w/o Anil Sharma, aged 41 years, r/o Flat 204, Green Park Apartments, Sector 18, Noida, mobile 9876501234, e-mail sunita.sharma@example.in, am a teacher by profession. On 20 September 2026 at 11:15 am, while I was at home, I received a call from 7012345678. The caller introduced himself as Rahul Verma and said that he was a bank official from the State Bank and that my KYC had expired. He sent me a link and asked me to share the OTP. I believed him and shared the OTP. Within minutes Rs 48,500 was debited from my account by UPI to the UPI ID rverma22@okpay, and then another ₹ 25,000 was transferred. The total of Rs 73,500 is my savings of two years. When I called back the phone was switched off, and I understood that I had been cheated by online fraud. My bank told me that the caller was a fraudster who had impersonated their staff. The place of occurrence is Flat 204, Green Park Apartments, Sector 18, Noida. I request that my money be recovered and the culprit be punished.
        """;

    /// <summary>Received on 3 November 2026 in the morning ("last night" is 2 November). Expected: hurt 115(2), restraint 126(2), insult 352, intimidation 351(3), weapons 118.</summary>
    public const string Assault = """
        My name is Imtiaz Ali, s/o Karim Ali, aged 27 years, r/o Village Rampur, Post Office Barwala, District Hisar, Haryana, phone number +91 98123 45670. I am a farmer by occupation. Last night at about 9 pm I was going home from my field on my bicycle. Near Shiv Mandir, Rampur my neighbour Vikram Singh, s/o Balbir Singh and his brother Ajay Singh blocked my way and started abusing me in filthy language. When I objected, Vikram Singh hit me on the head with a lathi and Ajay Singh slapped and kicked me. I fell down and suffered injuries on my head and left arm. Vikram Singh is tall and has a beard. While leaving they threatened to kill me if I went to the police. They damaged my mobile phone, worth Rs 12,000. Suresh Pal and Dharam Veer came to my rescue and took me to the Civil Hospital, where I was treated. There is an old dispute over a boundary wall between us. The delay in reporting is due to my treatment in the hospital. I am afraid for my life and want legal action.
        """;

    public static readonly DateTimeOffset TheftReceivedAt = new(2026, 10, 16, 4, 30, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset CheatingReceivedAt = new(2026, 9, 21, 6, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset AssaultReceivedAt = new(2026, 11, 3, 5, 0, 0, TimeSpan.Zero);

    public static IEnumerable<(string Text, DateTimeOffset ReceivedAt)> All =>
        [(Theft, TheftReceivedAt), (Cheating, CheatingReceivedAt), (Assault, AssaultReceivedAt)];
}
