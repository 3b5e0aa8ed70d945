namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>The ranges that distributions state, in their own order of versions.</summary>
internal static class StatedRange
{
    private static readonly RangeEvent FromTheFirst = new(RangeEventKind.Introduced, "0");

    /// <summary>Every version.</summary>
    public static VersionRange Every { get; } = new(RangeOrder.Ecosystem, [FromTheFirst]);

    /// <summary>Every version before the one that mends it.</summary>
    public static VersionRange Before(string version) => new(RangeOrder.Ecosystem, [FromTheFirst, new RangeEvent(RangeEventKind.Fixed, version)]);

    /// <summary>Every version up to that one, which nothing is known to mend.</summary>
    public static VersionRange UpTo(string version) => new(RangeOrder.Ecosystem, [FromTheFirst, new RangeEvent(RangeEventKind.LastAffected, version)]);

    /// <summary>An rpm version without the epoch 0, which is what none means.</summary>
    public static string WithoutZeroEpoch(string version) => version.StartsWith("0:", StringComparison.Ordinal) ? version[2..] : version;
}
