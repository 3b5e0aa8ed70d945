using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Apk;

/// <summary>
/// Reads the release of Alpine that packages come from out of <c>/etc/apk/repositories</c> and the lists beside it: after an upgrade it is
/// this, not os-release, that says which advisories apply. The format is that of apk-tools 3, which includes that of 2
/// (https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-repositories.5.scd); variables in it are not expanded.
/// </summary>
public sealed partial class ApkRepositoriesDetector : IPackageDetector
{
    private const string Repositories = "etc/apk/repositories";
    private const string Edge = "edge";

    // Read by apk in this order, after the file above.
    private static readonly string[] Folders = ["etc/apk/repositories.d/", "lib/apk/repositories.d/", "usr/lib/apk/repositories.d/"];

    // The file of an image has two or three.
    private const int MaxRepositories = 1000;

    public string Name => "apk-repositories";

    public int Version => 3;

    public IReadOnlyList<string> FixedPaths { get; } = [Repositories];

    public bool Wants(string path) => path == Repositories || (path.EndsWith(".list", StringComparison.Ordinal) && IsInFolder(path));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var releases = new List<string>();
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line) && releases.Count < MaxRepositories)
        {
            if (ReleaseIn(TextLines.TextOf(line)) is { } named)
            {
                releases.Add(named);
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

    private static bool IsInFolder(string path) =>
        Array.Exists(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal) && path.IndexOf('/', folder.Length) < 0);

    // "[v2|v3] [@tag] url [component...]": components are put behind the url. Only main and community have advisories
    // (https://secdb.alpinelinux.org/), so testing on top of a release does not make it edge; and a repository with a tag is used only for
    // packages that are asked for by it.
    private static string? ReleaseIn(string line)
    {
        string[] words = line.StartsWith('#') ? [] : line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        words = words is ["v2" or "v3", ..] ? words[1..] : words;
        return words switch
        {
            [['@', ..], ..] => null,
            [var url] => ReleaseOfRepository().Match(url),
            [var url, .. var components] => components
                .Select(component => ReleaseOfRepository().Match($"{url.TrimEnd('/')}/{component}"))
                .FirstOrDefault(match => match.Success),
            _ => null,
        } is { Success: true } match ? match.Groups["release"].Value : null;
    }

    [GeneratedRegex(
        @"^[^#]*/(?:v(?<release>[0-9]{1,4}\.[0-9]{1,4})|(?<release>edge))/(?:main|community)/?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ReleaseOfRepository();
}
