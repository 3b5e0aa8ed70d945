using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Apk;

/// <summary>
/// Reads the release of Alpine that packages come from out of <c>/etc/apk/repositories</c>: after an upgrade it is this, not os-release,
/// that says which advisories apply.
/// </summary>
public sealed partial class ApkRepositoriesDetector : IPackageDetector
{
    private const string Repositories = "etc/apk/repositories";
    private const string Edge = "edge";

    public string Name => "apk-repositories";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [Repositories];

    public bool Wants(LayerEntry entry) => entry.Path == Repositories;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string? newest = null;
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            // "@edge https://…" is used only for packages that are asked for by that tag (apk-repositories(5)).
            Match match = line.StartsWith("@"u8) ? Match.Empty : ReleaseOfRepository().Match(TextLines.TextOf(line));
            if (match.Success && (newest is null || IsNewer(match.Groups["release"].Value, newest)))
            {
                newest = match.Groups["release"].Value;
            }
        }

        if (newest is not null)
        {
            string name = newest == Edge ? "Alpine Linux edge" : $"Alpine Linux v{newest}";
            findings.Distribution = new DistributionClaim(new Distribution("alpine", newest, name), DistributionEvidence.Repositories);
        }
    }

    // apk installs the newest version that any of them has; edge is ahead of every release.
    private static bool IsNewer(string release, string than)
    {
        if (release == Edge || than == Edge)
        {
            return release == Edge;
        }

        return Version2(release).CompareTo(Version2(than)) > 0;

        static (int, int) Version2(string text)
        {
            string[] parts = text.Split('.');
            return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    // Only main and community have advisories (https://secdb.alpinelinux.org/); testing on top of a release does not make it edge.
    [GeneratedRegex(@"^[^#]*/(?:v(?<release>[0-9]{1,4}\.[0-9]{1,4})|(?<release>edge))/(?:main|community)/?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ReleaseOfRepository();
}
