using AfirGen.Api.Registry;
using AfirGen.Api.Registry.Ledger;

namespace AfirGen.Tests.Registry;

/// <summary>G6: whatever somebody with the database's keys does to registered FIRs, verification names the first place that is wrong.</summary>
public abstract class LedgerContract
{
    private const int Count = 5;

    private protected abstract Task<IRegistry> OpenAsync();

    /// <summary>Runs statements past the triggers.</summary>
    private protected abstract Task TamperAsync(string sql);

    [Fact]
    public async Task G6_an_untouched_ledger_is_right_in_one_go_and_in_parts()
    {
        var verifier = new LedgerVerifier(await FillAsync());
        var whole = await verifier.VerifyAsync(LedgerHead.Genesis, long.MaxValue, Running.Test);
        Assert.Equal((null, true, Count), (whole.Fault, whole.Complete, whole.Verified.Position));

        var part = await verifier.VerifyAsync(LedgerHead.Genesis, 2, Running.Test);
        Assert.Equal((null, false, 2L), (part.Fault, part.Complete, part.Verified.Position));
        Assert.Equal(whole, await verifier.VerifyAsync(part.Verified, long.MaxValue, Running.Test));
        Assert.Equal(whole, await verifier.VerifyAsync(whole.Verified, long.MaxValue, Running.Test));
        Assert.Equal(whole, await verifier.VerifyAsync(LedgerHead.Genesis, Count, Running.Test));
    }

    [Fact]
    public async Task G6_an_empty_ledger_is_right()
    {
        var found = await new LedgerVerifier(await OpenAsync()).VerifyAsync(LedgerHead.Genesis, long.MaxValue, Running.Test);
        Assert.Equal(new LedgerVerification(LedgerHead.Genesis, true, null), found);
    }

    [Theory]
    [InlineData("UPDATE fir_records SET complaint_text = 'x' WHERE ledger_position = 3", 3, "was altered")]
    [InlineData("UPDATE fir_records SET finalized_at = '2020-01-01' WHERE ledger_position = 1", 1, "was altered")]
    [InlineData("UPDATE fir_records SET registration_serial = 99 WHERE ledger_position = 5", 5, "was altered")]
    [InlineData("UPDATE fir_records SET record_hash = previous_hash WHERE ledger_position = 4", 4, "was altered")]
    [InlineData("UPDATE fir_records SET previous_hash = record_hash WHERE ledger_position = 2", 2, "does not follow")]
    [InlineData("DELETE FROM fir_records WHERE ledger_position = 3", 3, "is missing")]
    [InlineData("DELETE FROM fir_records WHERE ledger_position = 5", 5, "the end is missing")]
    [InlineData("DELETE FROM fir_records", 1, "the end is missing")]
    [InlineData(
        "UPDATE fir_records SET ledger_position = 100 WHERE ledger_position = 2; UPDATE fir_records SET ledger_position = 2 WHERE ledger_position = 3; UPDATE fir_records SET ledger_position = 3 WHERE ledger_position = 100",
        2,
        "does not follow"
    )]
    [InlineData("UPDATE ledger_head SET position = 4", 5, "cut back")]
    [InlineData("UPDATE ledger_head SET hash = '0000000000000000000000000000000000000000000000000000000000000000'", 5, "not the one")]
    public async Task G6_tampering_is_found_at_its_place(string sql, long position, string reason)
    {
        var verifier = new LedgerVerifier(await FillAsync());
        await TamperAsync(sql);
        var found = await verifier.VerifyAsync(LedgerHead.Genesis, long.MaxValue, Running.Test);
        Assert.Equal(position, found.Fault?.Position);
        Assert.Contains(reason, found.Fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G6_an_end_cut_off_together_with_the_head_shows_against_an_earlier_check()
    {
        var verifier = new LedgerVerifier(await FillAsync());
        var before = await verifier.VerifyAsync(LedgerHead.Genesis, long.MaxValue, Running.Test);
        var fourth = await verifier.VerifyAsync(LedgerHead.Genesis, 4, Running.Test);
        await TamperAsync(
            $"DELETE FROM fir_records WHERE ledger_position = 5; UPDATE ledger_head SET position = 4, hash = '{fourth.Verified.Hash}'"
        );
        Assert.Null((await verifier.VerifyAsync(LedgerHead.Genesis, long.MaxValue, Running.Test)).Fault); // consistent by itself
        Assert.Equal(5, (await verifier.VerifyAsync(before.Verified, long.MaxValue, Running.Test)).Fault?.Position);
    }

    private async Task<IRegistry> FillAsync()
    {
        var registry = await OpenAsync();
        await registry.DeliverAsync([.. Enumerable.Range(1, Count).SelectMany(i => Changes.WholeSession($"s{i}"))], Running.Test);
        return registry;
    }
}
