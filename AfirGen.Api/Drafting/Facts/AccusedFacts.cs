using System.Text.RegularExpressions;
using AfirGen.Api.Drafting.Form;
using static AfirGen.Api.Drafting.Facts.Patterns;

namespace AfirGen.Api.Drafting.Facts;

/// <summary>Who is accused and who saw it: item 7 of the form, and the witnesses of item 12.</summary>
internal static class AccusedFacts
{
    private const string Deed =
        "abused|beat|hit|slapped|assaulted|threatened|attacked|stabbed|punched|snatched|cheated|stole|pushed|kicked|restrained|grabbed|robbed|molested|stalked|followed me|blocked|caught hold|forged|kidnapped|defrauded|trespassed|started abusing|started beating|came and";

    private static readonly Regex Unknown = Compile(
        @"\b(?<who>((one|two|three|four|five|six|some|few|several|[0-9]{1,2})[ ]+)?(unknown|unidentified)[ ]+([a-z]+[ ]){0,2}(persons?|man|men|boys?|youths?|people|thief|thieves|miscreants?|accused|caller|woman|women|motorcyclists?|driver|bikers?|fraudsters?|culprits?|assailants?|robbers?))\b"
    );

    private static readonly Regex Named = Compile(
        $@"\b(?i:accused(?:[ ]person)?(?:[ ](?:named|is|namely|are))?[ ,:]*|named[ ]+|namely[ :]+|suspect(?:s)?[ ](?:is[ ]|that[ ])?|(?:my|our)[ ](?:neighbou?r|tenant|landlord|colleague|cousin|employee|servant|driver|husband|brother-in-law|father-in-law|mother-in-law|relative|partner|former[ ]employee)[ ,]+)(?<name>{Name})(?<more>(?:[ ]?@[ ]?\p{{Lu}}[\p{{L}}]+)?(?:,?[ ](?i:s/o|d/o|w/o|son[ ]of)[ ]+{Name})?(?:,?[ ](?i:r/o|resident[ ]of)[ ]+[^.;\n]{{3,80}})?)",
        ignoreCase: false
    );

    private static readonly Regex Doer = Compile(
        $@"(?<name>{Name})(?:[ ]and[ ](?<name2>{Name}))?[ ](?:(?:then|also|suddenly|again)[ ])?(?:{Deed})\b",
        ignoreCase: false
    );

    private static readonly Regex SaidToBe = Compile(
        $@"\b(?i:introduced[ ]himself[ ]as|introduced[ ]herself[ ]as|gave[ ]his[ ]name[ ]as|calling[ ]himself|claimed[ ]to[ ]be)[ ]+(?<name>{Name})",
        ignoreCase: false
    );
    private static readonly Regex OneNamed = Compile(
        $@"\bone[ ](?<name>{Name})[ ](?:who|contacted|called|had|has|came|told|met)\b",
        ignoreCase: false
    );

    private static readonly Regex Features = Compile(
        @"\b(wearing|wore|complexion|moustache|beard|tattoo|scar|helmet|height|tall|short hair|long hair|medium built|thin built|well built|heavy built|aged about|age about|appeared to be)\b"
    );
    private static readonly Regex AboutThem = Compile(
        @"\b(he|she|they|them|him|both|accused|boys?|persons?|men|man|youths?|riders?|one of)\b"
    );
    private static readonly Regex AboutMe = Compile(
        @"\b(I am|I was|myself|my name|aged about [0-9]+ years, (r/o|resident|son|daughter|wife|occupation))\b"
    );
    private static readonly Regex Marks = Compile($@"\b(?<plate>{Plate})\b", ignoreCase: false);
    private static readonly Regex TheirVehicle = Compile(
        @"\b(came|arrived|riding|escaped|fled|drove|driving|ran away|their|his|accused|driver of|hit)\b"
    );
    private static readonly Regex OwnVehicle = Compile(
        @"\b(my|our)[ ]([a-z0-9]+[ ]){0,4}(motorcycle|bike|scooter|scooty|car|vehicle|auto|truck|activa|splendor)\b"
    );
    private static readonly Regex TheirPhone = Compile(
        $@"\b(call(ed|s)?|caller|calling|message[ds]?|messages|whatsapp|contacted|from|using)\b[^.;\n]{{0,60}}?(?<number>{Mobile})"
    );
    private static readonly Regex Upi = Compile(@"\b(?<upi>[a-z0-9][a-z0-9._-]{1,40}@[a-z]{2,20})\b");
    private static readonly Regex Witness = Compile(
        $@"\b(?i:witness(?:es)?(?:[ ](?:are|is|were|was|to[ ]the[ ](?:incident|occurrence)(?:[ ](?:are|is))?))?[ ,:]*|in[ ]the[ ]presence[ ]of[ ]+|seen[ ]by[ ]+|witnessed[ ]by[ ]+)(?:my[ ][a-z]+[ ])?(?<name>{Name})(?:(?:,|[ ]and|,[ ]and)[ ](?<name2>{Name}))*",
        ignoreCase: false
    );
    private static readonly Regex Onlooker = Compile(
        $@"(?<name>{Name})(?:(?:,|[ ]and)[ ](?<name2>{Name}))*[ ](?:saw|witnessed|have[ ]seen|had[ ]seen|intervened|rescued|saved|came[ ]to[ ]my[ ](?:rescue|help))\b",
        ignoreCase: false
    );

    private static readonly HashSet<string> Pronouns = new(StringComparer.OrdinalIgnoreCase)
    {
        "He",
        "She",
        "They",
        "It",
        "We",
        "You",
        "Who",
        "Someone",
        "Somebody",
        "Then",
        "When",
        "There",
        "This",
        "That",
        "These",
        "Those",
        "Both",
        "One",
        "All",
        "Accused",
        "The",
        "Two",
        "Three",
        "Some",
        "After",
        "Also",
        "Later",
        "Suddenly",
        "People",
        "Police",
        "His",
        "Her",
        "My",
        "Unknown",
        "Neighbours",
        "Passers",
        "An",
    };

    public static void Read(IReadOnlyList<string> sentences, string text, FirFacts facts)
    {
        var witnesses = Names(Witness.Matches(text)).Concat(Names(Onlooker.Matches(text))).Distinct().ToList();
        facts.Set(FieldKeys.Witnesses, string.Join("; ", witnesses));

        var self = facts[FieldKeys.ComplainantName];
        var accused = new List<string>();
        accused.AddRange(
            Named.Matches(text).Select(m => PersonName(m.Value("name")) is { } n ? n + m.Groups["more"].Value : null).OfType<string>()
        );
        accused.AddRange(Names(OneNamed.Matches(text)));
        accused.AddRange(Names(Doer.Matches(text)));
        accused.AddRange(Names(SaidToBe.Matches(text)).Select(n => $"a person calling himself or herself {n}"));
        accused.RemoveAll(a =>
            witnesses.Any(w => a.StartsWith(w, StringComparison.OrdinalIgnoreCase)) || (self is not null && Overlaps(a, self))
        );
        accused = WithoutRepeats(accused);
        accused.AddRange(
            Unknown.Matches(text).Select(m => m.Value("who")!).DistinctBy(w => w.ToLowerInvariant()).Take(accused.Count > 0 ? 1 : 3)
        );
        facts.Set(FieldKeys.Accused, string.Join("; ", accused));

        facts.Set(
            FieldKeys.AccusedDescription,
            string.Join(
                " ",
                sentences
                    .Where(s =>
                        s.Length < 400 && Features.IsMatch(s) && (AboutThem.IsMatch(s) || NamesOne(s, accused)) && !AboutMe.IsMatch(s)
                    )
                    .Take(3)
            )
        );
        facts.Set(FieldKeys.AccusedTraces, string.Join("; ", Traces(sentences, facts[FieldKeys.Phone]).Distinct()));
    }

    private static bool NamesOne(string sentence, List<string> accused) =>
        accused.Any(a => sentence.Contains(a.Split(',')[0], StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Traces(IReadOnlyList<string> sentences, string? ownPhone)
    {
        foreach (var sentence in sentences)
        {
            if (TheirVehicle.IsMatch(sentence) && !OwnVehicle.IsMatch(sentence))
            {
                foreach (Match plate in Marks.Matches(sentence))
                {
                    yield return $"vehicle {plate.Value("plate")}";
                }
            }
            foreach (var number in TheirPhone.Matches(sentence).Select(m => m.Value("number")!).Where(n => n != ownPhone))
            {
                yield return $"telephone {number}";
            }
            foreach (Match upi in Upi.Matches(sentence))
            {
                // An e-mail address goes on with a dot and a domain.
                var end = upi.Index + upi.Length;
                if (
                    (end >= sentence.Length || sentence[end] != '.' || end + 1 >= sentence.Length || char.IsWhiteSpace(sentence[end + 1]))
                    && !sentence.Before(upi.Index, 30).Contains("my UPI", StringComparison.OrdinalIgnoreCase)
                )
                {
                    yield return $"UPI {upi.Value("upi")}";
                }
            }
        }
    }

    private static IEnumerable<string> Names(IEnumerable<Match> matches) =>
        matches
            .SelectMany(m => m.Groups["name"].Captures.Concat(m.Groups["name2"].Captures))
            .Select(c => PersonName(c.Value))
            .OfType<string>();

    private static string? PersonName(string? candidate) =>
        PersonFacts.CleanName(candidate) is { } name && !Pronouns.Contains(name.Split(' ')[0]) ? name : null;

    private static bool Overlaps(string candidate, string self) =>
        candidate.StartsWith(self, StringComparison.OrdinalIgnoreCase) || self.StartsWith(candidate, StringComparison.OrdinalIgnoreCase);

    // "Vikram Singh, s/o Balbir Singh" first, then only "Vikram": one person.
    private static List<string> WithoutRepeats(List<string> names)
    {
        var kept = new List<string>();
        foreach (var name in names.OrderByDescending(n => n.Length))
        {
            if (!kept.Any(k => k.Contains(name, StringComparison.OrdinalIgnoreCase)))
            {
                kept.Add(name);
            }
        }
        return [.. kept.OrderBy(names.IndexOf)];
    }
}
