using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Whether a distribution's release is still mended, by the ends that a snapshot knows before those that ship with the app.</summary>
internal static class ReleaseEnding
{
    /// <summary>
    /// The end, if it was over when the snapshot was made: of one snapshot a match is the same on any day. Null for a release that is mended, and
    /// where nobody knows.
    /// </summary>
    public static EndOfLife? Of(Distribution? distribution, AdvisoryDatabase database)
    {
        Dictionary<(string, string), EndOfLife> newer = database.ReleaseEnds.ToDictionary(
            end => (end.DistributionId, end.Release),
            end => new EndOfLife(end.EndsOn, end.ExtendedUntil, "https://endoflife.date/"));
        var madeOn = DateOnly.FromDateTime(database.Origin.BuiltAt.UtcDateTime);
        return EndOfLife.Of(distribution, newer) is { } end && end.IsOverOn(madeOn) ? end : null;
    }
}
