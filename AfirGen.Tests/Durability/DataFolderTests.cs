using AfirGen.Api.Durability;
using AfirGen.Api.Endpoints;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AfirGen.Tests.Durability;

/// <summary>Lock, marker and key of the data folder.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_process_is_kept_off_until_the_first_is_gone()
    {
        using (var first = new DataFolder(Path))
        {
            first.Open();
            using var second = new DataFolder(Path);

            var refused = Assert.Throws<DataFolderException>(second.Open);
            Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("AfirGen__DataFolder", refused.Message, StringComparison.Ordinal);
        }

        using var third = new DataFolder(Path);
        third.Open();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_explained()
    {
        File.WriteAllText(_folder.File("data"), "a file is in the way");
        using var folder = new DataFolder(Path);

        Assert.Contains("cannot be used", Assert.Throws<DataFolderException>(folder.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_marker_tells_a_clean_stop_from_a_crash()
    {
        using var folder = new DataFolder(Path);
        folder.Open();

        Assert.False(folder.MarkRunning(DateTimeOffset.UnixEpoch));
        Assert.True(folder.MarkRunning(DateTimeOffset.UnixEpoch)); // nobody called MarkStopped: a crash
        folder.MarkStopped();
        Assert.False(folder.MarkRunning(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Only_a_store_that_nobody_touched_since_a_clean_stop_is_as_it_was_left()
    {
        using var folder = new DataFolder(Path);
        folder.Open();
        File.WriteAllText(folder.JournalFile, "journal");
        File.WriteAllText(folder.RegistryFile, "registry");

        Assert.False(AfterAStop(folder, () => { }, clean: false));
        Assert.True(AfterAStop(folder, () => { }));
        Assert.True(AfterAStop(folder, () => File.WriteAllText(folder.RegistryFile, "another")));
        Assert.False(folder.IsAsLeft(folder.RegistryFile));
        Assert.False(AfterAStop(folder, () => File.SetLastWriteTimeUtc(folder.JournalFile, DateTime.UnixEpoch)));
        Assert.False(AfterAStop(folder, () => File.WriteAllText(folder.JournalFile + "-wal", "frames")));
        File.Delete(folder.JournalFile + "-wal");
        Assert.False(
            AfterAStop(
                folder,
                () => Rewrite("clean-stop", text => text.Replace("sessions.db 7 ", "sessions.db 8 ", StringComparison.Ordinal))
            )
        );
        Assert.False(
            AfterAStop(folder, () => Rewrite("clean-stop", text => text.Replace("sessions.db", "sessions_db", StringComparison.Ordinal)))
        ); // not mentioned
        Assert.False(AfterAStop(folder, () => Rewrite("clean-stop", text => text[..20]))); // torn
        Assert.True(AfterAStop(folder, () => { }));
    }

    private void Rewrite(string name, Func<string, string> change)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, change(File.ReadAllText(file)));
    }

    private static bool AfterAStop(DataFolder folder, Action meanwhile, bool clean = true)
    {
        folder.MarkRunning(DateTimeOffset.UnixEpoch);
        if (clean)
        {
            folder.MarkStopped();
        }

        meanwhile();
        folder.MarkRunning(DateTimeOffset.UnixEpoch);
        var asLeft = folder.IsAsLeft(folder.JournalFile);
        folder.MarkStopped();
        return asLeft;
    }

    [Fact]
    public void The_finalisation_key_is_made_once_for_its_owner_only_and_used_again()
    {
        using var folder = new DataFolder(Path);
        folder.Open();
        Key(folder).EnsureExists();
        var key = File.ReadAllText(folder.FinalisationKeyFile);

        Assert.Equal(32, key.Length);
        Assert.True(Key(folder).Matches(key));
        Assert.False(Key(folder).Matches(key + "0"));
        Assert.Equal(key, File.ReadAllText(folder.FinalisationKeyFile));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.FinalisationKeyFile));
        }
    }

    [Fact]
    public void A_configured_key_wins_and_no_file_is_made()
    {
        using var folder = new DataFolder(Path);
        folder.Open();
        var key = Key(folder, "configured-key");
        key.EnsureExists();

        Assert.True(key.Matches("configured-key"));
        Assert.False(File.Exists(folder.FinalisationKeyFile));
    }

    [Fact]
    public void A_key_file_that_was_cut_short_is_refused()
    {
        using var folder = new DataFolder(Path);
        folder.Open();
        File.WriteAllText(folder.FinalisationKeyFile, "");

        Assert.Throws<DataFolderException>(() => Key(folder).EnsureExists());
    }

    private static FinalisationKey Key(DataFolder folder, string? configured = null) =>
        new(Options.Create(new ServiceOptions { FinalisationKey = configured }), folder, NullLogger<FinalisationKey>.Instance);
}
