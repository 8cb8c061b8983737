using System.Buffers.Binary;
using AfirGen.Api.Durability;
using AfirGen.Api.Sqlite;
using AfirGen.Tests.History;
using AfirGen.Tests.Stack;

namespace AfirGen.Tests.Scenarios;

/// <summary>
/// What a power cut may leave of the last writes: a log that ends anywhere. It opens at a commit boundary, with everything that was
/// acknowledged up to there.
/// </summary>
public sealed class WalDamageTests(WrittenJournal written) : IClassFixture<WrittenJournal>
{
    private const int Flips = 120;
    private const int Sector = 512;

    [Fact]
    public void G1_an_undamaged_log_holds_everything_that_was_acknowledged() =>
        Assert.Equal(written.Acknowledged.Count, written.OpenWith(written.Wal));

    [Fact]
    public void G2_a_log_cut_at_any_frame_opens_at_a_commit_boundary()
    {
        var cuts = Enumerable.Range(0, written.Frames).Select(WrittenJournal.FrameOffset).Append(0).ToList();
        Assert.All(cuts, RequirePrefixAt);
        TestContext.Current.TestOutputHelper!.WriteLine($"{cuts.Count} cuts");
    }

    [Fact]
    public void G2_a_log_cut_inside_the_last_transaction_opens_before_it()
    {
        var start = WrittenJournal.FrameOffset(written.LastTransaction);
        var cuts = Enumerable.Range(0, (written.Wal.Length - start) / Sector).Select(i => start + (i * Sector) + 1).ToList();
        Assert.NotEmpty(cuts);
        Assert.All(cuts, RequirePrefixAt);
    }

    [Fact]
    public void G2_a_flipped_bit_in_the_last_transaction_undoes_that_transaction_and_nothing_else()
    {
        var random = new Random(Seed.Next());
        var start = WrittenJournal.FrameOffset(written.LastTransaction);
        var before = written.OpenWith(written.Wal[..start]);
        for (var i = 0; i < Flips; i++)
        {
            var damaged = written.Wal.ToArray();
            damaged[random.Next(start, damaged.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(before, written.OpenWith(damaged));
        }
    }

    /// <summary>
    /// The limit of what a log can do: its header is its only one. Nothing half is shown, but what was in the log is not either
    /// (docs: keep the disk honest, back up). Synced bytes do not change by themselves in a crash or a power cut.
    /// </summary>
    [Fact]
    public void G2_a_damaged_header_shows_nothing_half()
    {
        for (var offset = 0; offset < WrittenJournal.HeaderLength; offset++)
        {
            var damaged = written.Wal.ToArray();
            damaged[offset] ^= 0x10;
            Assert.InRange(written.OpenWith(damaged), 0, written.Acknowledged.Count);
        }
    }

    [Theory]
    [Trait("Defect", "D-43")]
    [InlineData("sessions.db")]
    [InlineData("firs.db")]
    public async Task G7_a_damaged_page_keeps_the_service_from_starting_and_nothing_is_changed(string name)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft, "in the file")).RequireOk();
        await stack.RestartAsync();
        (await stack.Client.ProcessAsync(Complaints.Cheating, "in the log")).RequireOk();
        await stack.KillApiAsync();
        var file = Path.Combine(stack.DataFolder, name);
        await DamageAsync(file, await PageOfTheFileAsync(file));
        var before = Contents(stack);

        Assert.Equal(1, await stack.LaunchApi().WaitForExitAsync());

        Assert.Contains(
            stack.Api.Log,
            line =>
                line.StartsWith("AfirGen cannot start: ", StringComparison.Ordinal)
                && line.Contains(name, StringComparison.Ordinal)
                && line.Contains("damaged", StringComparison.Ordinal)
        );
        var damagedFiles = Contents(stack).Where(f => f.Name.StartsWith(name, StringComparison.Ordinal));
        Assert.Equal(before.Where(f => f.Name.StartsWith(name, StringComparison.Ordinal)), damagedFiles);
    }

    /// <summary>
    /// Damage that no look at the file tells: the start goes on as after any clean stop, and the check that follows it finds the damage. The
    /// start after that one refuses.
    /// </summary>
    [Theory]
    [InlineData("sessions.db", "sqlite_autoindex_idempotency_1")]
    [InlineData("firs.db", "registration_counters")]
    public async Task G8_damage_behind_an_unchanged_time_ends_the_process_soon_after_the_start(string name, string whatNoStartReads)
    {
        await using var stack = await EmbeddedStack.StartAsync();
        (await stack.Client.ProcessAsync(Complaints.Theft, "in the file")).RequireOk();
        var pages = $"SELECT rootpage FROM sqlite_schema WHERE name = '{whatNoStartReads}'";
        var page = (
            name == "firs.db" ? stack.Stores.Registry(pages, row => row.GetInt32(0)) : stack.Stores.Journal(pages, row => row.GetInt32(0))
        )[0];
        await stack.StopApiAsync();
        var file = Path.Combine(stack.DataFolder, name);
        var time = File.GetLastWriteTimeUtc(file);
        await DamageAsync(file, page);
        File.SetLastWriteTimeUtc(file, time);

        Assert.Equal(FatalStop.ExitCode, await stack.LaunchApi().WaitForExitAsync());
        Assert.Contains(stack.Api.Log, line => line.Contains("A store is damaged", StringComparison.Ordinal));
        Assert.Contains(stack.Api.Log, line => line.Contains(name, StringComparison.Ordinal));

        Assert.Equal(1, await stack.LaunchApi().WaitForExitAsync());
        Assert.Contains(stack.Api.Log, line => line.StartsWith("AfirGen cannot start: ", StringComparison.Ordinal));
    }

    /// <summary>A page that only the main file holds: one that stands in the log too is not read from there.</summary>
    private static async Task<int> PageOfTheFileAsync(string file)
    {
        var wal = await File.ReadAllBytesAsync(file + "-wal");
        var logged = Enumerable
            .Range(0, (wal.Length - WrittenJournal.HeaderLength) / WrittenJournal.FrameLength)
            .Select(frame => BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(WrittenJournal.FrameOffset(frame))))
            .ToHashSet();
        return Enumerable
            .Range(2, (int)(new FileInfo(file).Length / WrittenJournal.PageLength) - 2)
            .First(number => !logged.Contains((uint)number));
    }

    private static async Task DamageAsync(string file, int page)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        new Random(Seed.Next()).NextBytes(bytes.AsSpan((page - 1) * WrittenJournal.PageLength, WrittenJournal.PageLength));
        await File.WriteAllBytesAsync(file, bytes);
    }

    private static List<(string Name, string Hash)> Contents(EmbeddedStack stack) =>
        [
            .. Directory
                .EnumerateFiles(stack.DataFolder, "*.db*")
                .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)) // memory that readers share, rebuilt at each opening
                .Order()
                .Select(file =>
                    (Path.GetFileName(file), Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))))
                ),
        ];

    private void RequirePrefixAt(int length)
    {
        var found = written.OpenWith(written.Wal[..length]);
        var acknowledged = written.Acknowledged.Count(a => a.WalLength <= length);
        Assert.True(found >= acknowledged, $"cut at {length}: {acknowledged} were acknowledged up to there, {found} are there");
    }
}

/// <summary>A journal whose whole content is in its log: the service was killed. One client, so what it was told is in a known order.</summary>
public sealed class WrittenJournal : IAsyncLifetime
{
    public const int HeaderLength = 32;
    public const int PageLength = 4096;
    public const int FrameLength = 24 + PageLength;
    private const int Sessions = 5;
    private readonly TemporaryFolder _folder = new();
    private int _opened;

    internal byte[] Wal { get; private set; } = [];

    /// <summary>Keys in the order of their acknowledgements, and how long the log was when each came.</summary>
    internal List<(string Key, long WalLength)> Acknowledged { get; } = [];

    internal int Frames => (Wal.Length - HeaderLength) / FrameLength;

    /// <summary>First frame of the last transaction.</summary>
    internal int LastTransaction => Enumerable.Range(0, Frames - 1).Last(Commits) + 1;

    internal static int FrameOffset(int frame) => HeaderLength + (frame * FrameLength);

    public async ValueTask InitializeAsync()
    {
        await using var stack = await EmbeddedStack.StartAsync();
        var wal = new FileInfo(stack.Stores.JournalFile + "-wal");
        for (var i = 0; i < Sessions; i++)
        {
            var created = await AcknowledgeAsync($"process-{i}", key => stack.Client.ProcessAsync($"Complaint {i}", key));
            await AcknowledgeAsync($"approve-{i}", key => stack.Client.ApproveAsync(created["session_id"], key: key));
        }

        await stack.KillApiAsync();
        Stores.Copy(stack.DataFolder, _folder.File("written"));
        Wal = await File.ReadAllBytesAsync(wal.FullName);

        async Task<Reply> AcknowledgeAsync(string key, Func<string, Task<Reply>> send)
        {
            var answer = (await send(key)).RequireOk();
            wal.Refresh();
            Acknowledged.Add((key, wal.Length));
            return answer;
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the journal with <paramref name="wal"/> as its log, as the service does, and requires that it is sound.</summary>
    /// <returns>How many of the acknowledged requests are there: the first ones, without a hole.</returns>
    internal int OpenWith(byte[] wal)
    {
        var folder = _folder.File($"opened-{++_opened}");
        Directory.CreateDirectory(folder);
        var stores = new Stores(folder);
        File.Copy(Path.Combine(_folder.File("written"), "sessions.db"), stores.JournalFile);
        File.WriteAllBytes(stores.JournalFile + "-wal", wal);
        using (var session = new SqliteSession(CheckedSqliteConnection.Open(stores.JournalFile, SqliteAccess.ReadWrite)))
        {
            IntegrityCheck.Require(session);
            if (session.Scalar<long>("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'attachments'") == 0)
            {
                return 0; // from before the schema
            }
        }

        var view = StoreView.ReadJournal(stores);
        Assert.Empty(StoreCheck.RunOnJournal(view));
        var present = Acknowledged.TakeWhile(a => view.AnswersByKey.Contains(a.Key)).Count();
        Assert.Equal(present, view.Answers.Count); // a prefix
        Directory.Delete(folder, recursive: true);
        return present;
    }

    private bool Commits(int frame) => Wal.AsSpan(FrameOffset(frame) + 4, 4).ContainsAnyExcept((byte)0);
}
