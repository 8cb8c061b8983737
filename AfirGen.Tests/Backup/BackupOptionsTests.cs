using AfirGen.Api.Backup;
using AfirGen.Api.Endpoints;
using AfirGen.Api.Registry;
using AfirGen.Api.Registry.MySql;
using AfirGen.Tests.Stack;
using Microsoft.Extensions.Configuration;

namespace AfirGen.Tests.Backup;

/// <summary>What cannot work is said before anything starts, by the name of the setting.</summary>
public sealed class BackupOptionsTests : IDisposable
{
    private static readonly OfficialNumber[] Backed = [new("PS", 2026, 57), new("PS", 2025, 900)];
    private readonly TemporaryFolder _folder = new();
    private readonly BackupDesk _desk = new();

    public void Dispose()
    {
        _folder.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public void Key_data_and_backups_lie_in_three_places()
    {
        var service = new ServiceOptions { DataFolder = _folder.File("data") };

        Assert.Null(new BackupOptions().Problem(service));
        Assert.Null(Options().Problem(service));
        Assert.Contains("Backup:Folder lies", Options(folder: _folder.File("data/backups")).Problem(service), StringComparison.Ordinal);
        Assert.Contains("KeyFile lies", Options(keyFile: _folder.File("data/backup.key")).Problem(service), StringComparison.Ordinal);
        Assert.Contains("KeyFile lies", Options(keyFile: Path.Combine(_desk.Folder, "key")).Problem(service), StringComparison.Ordinal);
        Assert.Contains("KeyFile is not set", Options(keyFile: "").Problem(service), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Options(keyFile: _folder.File("none.key")).Problem(service), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("short.key"), "0123");
        Assert.Contains("64 hexadecimal digits", Options(keyFile: _folder.File("short.key")).Problem(service), StringComparison.Ordinal);
        Assert.Contains("Keep", Options(keep: 0).Problem(service), StringComparison.Ordinal);
        Assert.Contains("Interval", Options(interval: TimeSpan.FromDays(8)).Problem(service), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fir_db", false)]
    [InlineData("fir_trial", true)]
    public void The_scratch_database_cannot_be_taken_for_the_real_one(string database, bool accepted)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:firdb-trial", $"Server=mysql;Database={database}")])
            .Build();

        Assert.Equal(accepted, FirdbConnectionString.Problem(configuration) is null);
    }

    [Fact]
    public void G4_every_counter_that_may_have_moved_since_the_backup_must_be_decided()
    {
        int[] years = [2026, 2027];

        Assert.Throws<BackupException>(() => Floors(null).Apply(Backed, ["PS"], years));
        Assert.Throws<BackupException>(() => Floors(null, "PS/2026/0060").Apply(Backed, ["PS"], years)); // what of 2027?
        Assert.Throws<BackupException>(() => Floors(null, "PS/2026/0056", "PS/2027/0000").Apply(Backed, ["PS"], years));
        Assert.Throws<BackupException>(() => Floors(null, "PS/2026/0060", "PS/2027/0003").Apply(Backed, ["PS", "KTW"], years));
        Assert.Equal(
            [new("PS", 2025, 900), new("PS", 2026, 60), new("PS", 2027, 3)],
            Floors(null, "PS/2026/0060", "PS/2027/0003").Apply(Backed, ["PS"], years)
        );
        Assert.Equal([new("PS", 2025, 900), new("PS", 2026, 157), new("PS", 2027, 100)], Floors(100).Apply(Backed, ["PS"], years));
    }

    private static SerialFloors Floors(long? skip, params string[] last) => new([.. last.Select(text => SerialFloors.Parse(text)!)], skip);

    private BackupOptions Options(string? folder = null, string? keyFile = null, int keep = 1, TimeSpan? interval = null) =>
        new()
        {
            Folder = folder ?? _desk.Folder,
            KeyFile = keyFile ?? _desk.KeyFile,
            Keep = keep,
            Interval = interval ?? TimeSpan.FromHours(1),
        };
}
