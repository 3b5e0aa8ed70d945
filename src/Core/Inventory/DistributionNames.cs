namespace ImageScan.Core.Inventory;

/// <summary>Reads how people and tools write a distribution.</summary>
public static class DistributionNames
{
    // What others call what os-release calls otherwise: namespaces of package URLs, and the families of
    // https://github.com/aquasecurity/trivy/blob/v0.50.0/pkg/fanal/types/const.go.
    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["alma"] = "almalinux",
        ["amazon"] = "amzn",
        ["cbl-mariner"] = "mariner",
        ["opensuse.leap"] = "opensuse-leap",
        ["opensuse.tumbleweed"] = "opensuse-tumbleweed",
        ["oracle"] = "ol",
        ["redhat"] = "rhel",
        ["suse linux enterprise server"] = "sles",
    };

    // https://wiki.debian.org/DebianReleases and https://wiki.ubuntu.com/Releases, those with advisories. A release of Debian has its number long
    // before it is out.
    private static readonly Dictionary<string, (string Id, string Release)> Codenames = new(StringComparer.Ordinal)
    {
        ["jessie"] = ("debian", "8"),
        ["stretch"] = ("debian", "9"),
        ["buster"] = ("debian", "10"),
        ["bullseye"] = ("debian", "11"),
        ["bookworm"] = ("debian", "12"),
        ["trixie"] = ("debian", "13"),
        ["trusty"] = ("ubuntu", "14.04"),
        ["xenial"] = ("ubuntu", "16.04"),
        ["bionic"] = ("ubuntu", "18.04"),
        ["focal"] = ("ubuntu", "20.04"),
        ["jammy"] = ("ubuntu", "22.04"),
        ["noble"] = ("ubuntu", "24.04"),
        ["oracular"] = ("ubuntu", "24.10"),
        ["plucky"] = ("ubuntu", "25.04"),
        ["questing"] = ("ubuntu", "25.10"),
    };

    /// <summary>
    /// Reads <c>debian:12</c> (as answers write it), <c>debian-12</c> (as package URLs do), <c>debian:bookworm</c>, a codename alone (as the
    /// specification of package URLs does), or an id alone; null for "". Other releases that are words stay codenames: <c>debian:sid</c>.
    /// </summary>
    public static Distribution? Parse(string text)
    {
        string written = text.Trim();
        string trimmed = written.ToLowerInvariant();
        int at = trimmed.IndexOf(':', StringComparison.Ordinal);
        if (at < 0)
        {
            // An id may have dashes, as in opensuse-leap-15.6.
            at = trimmed.LastIndexOf('-');
            at = at >= 0 && at + 1 < trimmed.Length && (char.IsAsciiDigit(trimmed[at + 1]) || Codenames.ContainsKey(trimmed[(at + 1)..])) ? at : trimmed.Length;
        }

        if (Codenames.TryGetValue(trimmed, out (string Id, string Release) named))
        {
            return Of(named.Id, named.Release);
        }

        return trimmed[..at] is not { Length: > 0 } id ? null : Of(id, ReleaseOf(at < trimmed.Length ? written[(at + 1)..] : ""));
    }

    // openEuler's are written 24.03-LTS-SP1; those that are words, in small letters.
    private static string ReleaseOf(string written) => written.Any(char.IsAsciiDigit) ? written : written.ToLowerInvariant();

    /// <summary>The distribution of an id, however it is written, and a release.</summary>
    public static Distribution Of(string id, string release)
    {
        string known = Ids.GetValueOrDefault(id.ToLowerInvariant(), id.ToLowerInvariant());

        if (Codenames.TryGetValue(release.ToLowerInvariant(), out (string Id, string Release) named) && named.Id == known)
        {
            release = named.Release;
        }

        // Alpine's own word for its rolling branch stands in no other place than the version.
        return release.Length == 0 || release == "edge" || release.Any(char.IsAsciiDigit)
            ? Distribution.Named(known, release)
            : Distribution.Named(known, "", codename: release);
    }
}
