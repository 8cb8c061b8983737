using System.Globalization;
using AfirGen.Api.Registry;

namespace AfirGen.Api.Backup;

/// <summary>
/// Where the serials go on after a restore. What was registered after the backup is not in it, but its numbers are on paper and with the
/// courts: they must never be given again (G4). No file knows them, so a person says how far they went, or how many are left out.
/// </summary>
/// <param name="Last">The highest serial that is known to have been given, for each station and year that somebody has looked up.</param>
/// <param name="Skip">Left out for every other station and year; null: somebody must look up each of them.</param>
internal sealed record SerialFloors(IReadOnlyList<OfficialNumber> Last, long? Skip)
{
    private const int MaxStationLength = 16;

    /// <param name="backed">The counters in the backup.</param>
    /// <param name="stations">Whoever may have registered since.</param>
    /// <param name="years">From the backup's year to the present one.</param>
    /// <returns>The counters to restore: the next serial of each was certainly never given.</returns>
    /// <exception cref="BackupException">One is not decided, or lies below the backup's own.</exception>
    public IReadOnlyList<OfficialNumber> Apply(IReadOnlyList<OfficialNumber> backed, IEnumerable<string> stations, IReadOnlyList<int> years)
    {
        var running = stations
            .Concat(backed.Select(counter => counter.StationCode))
            .Concat(Last.Select(last => last.StationCode))
            .Distinct();
        var wanted = running
            .SelectMany(station => years.Select(year => new OfficialNumber(station, year, 0)))
            .Concat(Last)
            .Concat(backed)
            .Select(counter => (counter.StationCode, counter.Year))
            .Distinct()
            .Order();
        return [.. wanted.Select(key => Decide(key, backed, years)).Where(counter => counter.Serial > 0)];
    }

    private OfficialNumber Decide((string Station, int Year) key, IReadOnlyList<OfficialNumber> backed, IReadOnlyList<int> years)
    {
        var before = Find(backed, key)?.Serial ?? 0;
        var shown = new OfficialNumber(key.Station, key.Year, before).Number;
        if (Find(Last, key) is { } last)
        {
            return last.Serial >= before
                ? last
                : throw new BackupException(
                    BackupFault.Configuration,
                    $"--last-serial {last.Number} is lower than {shown}, which the backup itself has."
                );
        }

        // Registrations carry the year of the day: what is over by the time of the backup has not moved since.
        if (!years.Contains(key.Year))
        {
            return new(key.Station, key.Year, before);
        }

        return Skip is { } skip
            ? new(key.Station, key.Year, before + skip)
            : throw new BackupException(
                BackupFault.Configuration,
                $"FIRs may have been registered after the backup, which ends at {shown} for {key.Station} and {key.Year}; their numbers must not be given again. "
                    + $"Look up the last one and say --last-serial {key.Station}/{key.Year}/NUMBER (0 when there is none), or leave some out with --skip-serials 1000."
            );
    }

    /// <param name="text">As on the paper: <c>PS/2026/0057</c>.</param>
    /// <returns>Null when it is none.</returns>
    public static OfficialNumber? Parse(string text) =>
        text.Split('/') is [{ Length: > 0 and <= MaxStationLength } station, var year, var serial]
        && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedYear)
        && long.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedSerial)
            ? new(station, parsedYear, parsedSerial)
            : null;

    private static OfficialNumber? Find(IReadOnlyList<OfficialNumber> counters, (string Station, int Year) key) =>
        counters.FirstOrDefault(counter => counter.StationCode == key.Station && counter.Year == key.Year);
}
