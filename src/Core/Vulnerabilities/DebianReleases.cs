namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// The numbers of Debian's releases (https://www.debian.org/releases/,
/// https://salsa.debian.org/debian/distro-info-data/-/blob/main/debian.csv). Testing has its number before it is released; sid never gets one.
/// </summary>
internal static class DebianReleases
{
    private static readonly Dictionary<string, string> Released = new(StringComparer.Ordinal)
    {
        ["etch"] = "4.0",
        ["lenny"] = "5.0",
        ["squeeze"] = "6.0",
        ["wheezy"] = "7",
        ["jessie"] = "8",
        ["stretch"] = "9",
        ["buster"] = "10",
        ["bullseye"] = "11",
        ["bookworm"] = "12",
        ["trixie"] = "13",
    };

    private static readonly Dictionary<string, string> Coming = new(StringComparer.Ordinal)
    {
        ["forky"] = "14",
        ["duke"] = "15",
        ["sid"] = "sid",
    };

    /// <summary>The ecosystem of a release or a coming one; null if the codename is not known.</summary>
    public static OsvEcosystem? EcosystemOf(string codename) => ReleasedAs(codename) ?? Of(Coming, codename);

    /// <summary>The ecosystem of a release that is out; null if it is not, or the codename is not known.</summary>
    public static OsvEcosystem? ReleasedAs(string codename) => Of(Released, codename);

    private static OsvEcosystem? Of(Dictionary<string, string> numbers, string codename) =>
        numbers.TryGetValue(codename, out string? number) ? new OsvEcosystem("Debian", number) : null;
}
