using AfirGen.Api.Registry;

namespace AfirGen.Tests.Registry;

// Lists, pages and searches.
public abstract partial class RegistryContract
{
    [Fact]
    public async Task The_list_is_newest_first_and_comes_in_pages()
    {
        await OpenAsync();
        await DeliverAsync([.. Enumerable.Range(0, 30).Select(i => Changes.Draft($"s{i}", second: i / 2))]);
        var all = await Registry.ListAsync(100, 0, Running.Test);
        Assert.Equal(Enumerable.Range(0, 30).Reverse().Select(i => Changes.Number($"s{i}")), all.Select(listing => listing.FirNumber));
        Assert.Equal(all.Skip(7).Take(5), await Registry.ListAsync(5, 7, Running.Test));
    }

    [Fact]
    public async Task Pages_by_cursor_hold_every_record_once_whatever_comes_in_meanwhile()
    {
        await OpenAsync();
        await DeliverAsync([.. Enumerable.Range(0, 30).Select(i => Changes.Draft($"s{i}", second: i / 4))]); // equal times across page ends
        var all = await Registry.ListAsync(100, 0, Running.Test);
        var paged = new List<FirListing>(await Registry.ListAsync(7, 0, Running.Test));
        for (var page = 0; paged.Count < all.Count; page++)
        {
            await DeliverAsync(Changes.Draft($"new{page}", second: 59)); // by offset it would push a record onto the next page
            var next = (await Registry.ListAfterAsync(paged[^1].FirNumber, 7, Running.Test))!;
            Assert.Equal(Math.Min(7, all.Count - paged.Count), next.Count);
            paged.AddRange(next);
        }

        Assert.Equal(all, paged);
        Assert.Empty((await Registry.ListAfterAsync(all[^1].FirNumber, 7, Running.Test))!);
        Assert.Null(await Registry.ListAfterAsync("FIR-x", 7, Running.Test));
    }

    [Fact]
    public async Task A_search_finds_by_part_of_either_number_by_status_and_by_time()
    {
        await OpenAsync();
        await DeliverAsync(Changes.WholeSession("a_1"));
        await DeliverAsync(Changes.Draft("b%2", second: 1), Changes.Draft("c!3", second: 2));

        Assert.Equal(["c!3", "b%2", "a_1"], await SearchAsync(new(null, null, null, null)));
        Assert.Equal(["a_1"], await SearchAsync(new("2026/0001", null, null, null)));
        Assert.Equal(["b%2"], await SearchAsync(new("b%", null, null, null)));
        Assert.Equal(["a_1"], await SearchAsync(new("_", null, null, null)));
        Assert.Equal(["c!3"], await SearchAsync(new("!", null, null, null)));
        Assert.Empty(await SearchAsync(new("संख्या' OR 1=1", null, null, null)));
        Assert.Empty(await SearchAsync(new("\0", null, null, null)));
        Assert.Empty(await SearchAsync(new("a_1\0", null, null, null)));
        Assert.Equal(["c!3", "b%2"], await SearchAsync(new(null, "draft", null, null)));
        Assert.Equal(["b%2"], await SearchAsync(new(null, null, "2026-11-23T10:00:01", "2026-11-23T10:00:02")));
        var registered = Assert.Single(await Registry.SearchAsync(new(null, "finalized", null, null), 10, 0, Running.Test));
        Assert.Equal(("PS/2026/0001", "a_1"), (registered.Registration!.Number, registered.SessionId));
        Assert.Equal("b%2", Assert.Single(await Registry.SearchAsync(new(null, null, null, null), 1, 1, Running.Test)).SessionId);
    }

    [Fact]
    public async Task Statuses_are_told_of_what_exists()
    {
        await OpenAsync();
        await DeliverAsync([Changes.Draft("a"), .. Changes.WholeSession("b"), Changes.Draft("c"), Changes.Pending("c")]);
        var statuses = await Registry.StatusesAsync(["FIR-a", "FIR-b", "FIR-c", "FIR-x", "'; --"], Running.Test);
        Assert.Equal(
            [("FIR-a", FirStatus.Draft), ("FIR-b", FirStatus.Finalized), ("FIR-c", FirStatus.Pending)],
            statuses.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))
        );
        Assert.Empty(await Registry.StatusesAsync([], Running.Test));
    }

    private async Task<string[]> SearchAsync(FirSearch search) =>
        [.. (await Registry.SearchAsync(search, 10, 0, Running.Test)).Select(found => found.SessionId)];
}
