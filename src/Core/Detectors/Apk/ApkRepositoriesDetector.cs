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

    // The file of an image has two or three.
    private const int MaxRepositories = 1000;

    public string Name => "apk-repositories";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths { get; } = [Repositories];

    public bool Wants(string path) => path == Repositories;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var releases = new List<string>();
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line) && releases.Count < MaxRepositories)
        {
            // "@edge https://…" is used only for packages that are asked for by that tag (apk-repositories(5)).
            Match match = line.StartsWith("@"u8) ? Match.Empty : ReleaseOfRepository().Match(TextLines.TextOf(line));
            if (match.Success)
            {
                releases.Add(match.Groups["release"].Value);
            }
        }

        // Most packages come from the release that most lines name: one line of edge beside two of a release is there for a package or two.
        // Groups are in the order of the file, and of equally many the first counts.
        string? release = releases.GroupBy(named => named).MaxBy(group => group.Count())?.Key;
        if (release is not null)
        {
            string name = release == Edge ? "Alpine Linux edge" : $"Alpine Linux v{release}";
            findings.Distribution = new DistributionClaim(new Distribution("alpine", release, name), DistributionEvidence.Repositories);
        }
    }

    // Only main and community have advisories (https://secdb.alpinelinux.org/); testing on top of a release does not make it edge.
    [GeneratedRegex(
        @"^[^#]*/(?:v(?<release>[0-9]{1,4}\.[0-9]{1,4})|(?<release>edge))/(?:main|community)/?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ReleaseOfRepository();
}
