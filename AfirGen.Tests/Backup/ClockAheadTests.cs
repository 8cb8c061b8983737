using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Backup;

/// <summary>A backup that was made while the clock was ahead: its name lies in the future when the clock is right again.</summary>
public sealed class ClockAheadTests : IDisposable
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);
    private readonly BackupDesk _desk = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _desk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task G8_a_service_that_starts_beside_one_goes_on_backing_up_keeps_the_newest_and_shows_their_age()
    {
        await using var stack = Prepared(TimeSpan.Zero);
        stack.Settings["AfirGen:Backup:Keep"] = "1";
        await stack.StartApiAsync();
        await SetClockAsync(Year);
        var ahead = await BackupDesk.TakeAsync(stack);
        await SetClockAsync(TimeSpan.Zero);
        await Scrape.WaitForAsync(stack.Client, scrape => IsYoung(scrape, 120), "without another one the ages are those of the data");
        await stack.StopApiAsync();

        stack.Settings["AfirGen:Backup:Interval"] = "00:00:01";
        await stack.StartApiAsync();
        await Scrape.WaitForAsync(stack.Client, scrape => scrape.Sum("afirgen_backup_total", "outcome=\"ok\"") >= 3, "three backups");
        await Scrape.WaitForAsync(stack.Client, scrape => IsYoung(scrape, 5), "the ages are those of the newest");
        await stack.StopApiAsync();

        var newest = Assert.Single(_desk.Stored, stored => stored != ahead);
        Assert.Equal([newest, ahead], _desk.Stored);
        Assert.StartsWith(newest, (await _desk.RunAsync(stack, "verify")).RequireOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task G8_a_service_whose_clock_is_set_right_while_it_runs_goes_on_backing_up()
    {
        await using var stack = Prepared(TimeSpan.FromHours(1));
        await stack.StartApiAsync();
        await StoredAsync(1);
        await SetClockAsync(Year);
        await StoredAsync(2);

        await SetClockAsync(TimeSpan.FromHours(2)); // one is due since the first one

        await StoredAsync(3);
        await Scrape.WaitForAsync(stack.Client, scrape => IsYoung(scrape, 60), "the ages are those of the newest");
    }

    private EmbeddedStack Prepared(TimeSpan interval)
    {
        var stack = EmbeddedStack.Prepared();
        _desk.Equip(stack);
        stack.Settings["AfirGen:Backup:Interval"] = $"{interval:c}";
        stack.Settings["AfirGen:Testing:ClockOffsetFile"] = _folder.File("offset");
        return stack;
    }

    private Task StoredAsync(int count) => Eventually.TrueAsync(() => _desk.Stored.Count == count, $"{count} backups are stored");

    private Task SetClockAsync(TimeSpan ahead) =>
        File.WriteAllTextAsync(_folder.File("offset"), $"{ahead.TotalSeconds}", TestContext.Current.CancellationToken);

    private static bool IsYoung(Scrape scrape, int seconds)
    {
        return Is("afirgen_backup_age_seconds") && Is("afirgen_restore_verified_age_seconds");

        bool Is(string age) => scrape.Has(age) && scrape.Sum(age) >= 0 && scrape.Sum(age) < seconds;
    }
}
