using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;
using AfirGen.Tests.History;
using FsCheck;
using FsCheck.Fluent;

namespace AfirGen.Tests.Properties;

public sealed class LedgerProperties
{
    private const int Fields = 7;
    private static readonly Arbitrary<string[]> Records = ForAll.Texts.Generator.ArrayOf(Fields).ToArbitrary();

    /// <summary>Written twice, from docs/ledger.md, by two hands.</summary>
    [Fact]
    public void G6_the_canonical_bytes_are_what_the_documentation_says() =>
        ForAll.Of(
            Records,
            texts =>
            {
                var entry = Record(texts).Follow(LedgerHead.Genesis with { Position = 41 });
                Assert.Equal(
                    LedgerCheck.CanonicalBytes(AsFir(texts, entry)),
                    Record(texts).CanonicalBytes(entry.Position, entry.PreviousHash)
                );
            }
        );

    /// <summary>However text is moved from one field to the next.</summary>
    [Fact]
    public void G6_two_records_that_differ_never_have_the_same_bytes() =>
        ForAll.Of(
            Records,
            texts =>
            {
                for (var i = 0; i + 1 < Fields; i++)
                {
                    var moved = texts.ToArray();
                    (moved[i], moved[i + 1]) = (texts[i] + texts[i + 1], "");
                    Assert.Equal(moved.SequenceEqual(texts), Bytes(moved).SequenceEqual(Bytes(texts)));
                }
            }
        );

    /// <summary>What the bytes say is all of the record: it can be read back from them.</summary>
    [Fact]
    public void G6_the_bytes_give_every_field_back() =>
        ForAll.Of(
            Records,
            texts =>
            {
                var values = CanonicalText.Read(Bytes(texts));
                Assert.Equal(["1", LedgerHead.Genesis.Hash, texts[0], texts[1], texts[2], "2026", "7"], values.Take(7));
                Assert.Equal([texts[3], texts[3], texts[4], texts[5], texts[6]], values.Skip(7));
            }
        );

    private static byte[] Bytes(string[] texts) => Record(texts).CanonicalBytes(1, LedgerHead.Genesis.Hash);

    private static LedgerRecord Record(string[] texts) =>
        new()
        {
            FirNumber = texts[0],
            SessionId = texts[1],
            Registration = new(texts[2], 2026, 7),
            CreatedAt = texts[3],
            FinalizedAt = texts[3],
            ComplaintText = texts[4],
            FirContent = texts[5],
            ViolationsJson = texts[6],
        };

    private static FirRecord AsFir(string[] texts, LedgerEntry entry) =>
        new(texts[0], texts[1], texts[4], texts[5], texts[6], FirStatus.Finalized, texts[3], texts[3], new(texts[2], 2026, 7), entry);
}
