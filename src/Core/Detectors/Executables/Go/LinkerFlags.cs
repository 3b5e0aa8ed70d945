using System.Text.RegularExpressions;

namespace ImageScan.Core.Detectors.Executables.Go;

/// <summary>
/// The version that a build script wrote into a Go program by <c>go build -ldflags "-X main.version=v1.2.3"</c>
/// (https://pkg.go.dev/cmd/link).
/// </summary>
internal static partial class LinkerFlags
{
    private const int MaxLength = 64 << 10;
    private const int NoRank = int.MaxValue;

    private static readonly HashSet<string> NamesOfVersions = new(StringComparer.OrdinalIgnoreCase)
    {
        "version", "ver", "semver", "appversion", "buildversion", "gitversion", "releaseversion", "versionstring",
    };

    // Packages of a library in which programs of many modules keep their own version:
    // https://github.com/prometheus/common/blob/main/version/info.go,
    // https://github.com/kubernetes/component-base/blob/master/version/base.go.
    private static readonly HashSet<string> Keepers =
        ["github.com/prometheus/common/version", "k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];

    /// <summary>
    /// The version as Go writes it: <c>v1.2.3</c>; null if there is none, or none that is sure. A variable of package main counts before one
    /// of the main module, and that before a known keeper of versions; where those of one rank disagree, none counts.
    /// </summary>
    /// <param name="flags">The value of <c>-ldflags</c>.</param>
    /// <param name="mainModule">The path of the main module.</param>
    public static string? VersionIn(string? flags, string mainModule)
    {
        if (flags is null || flags.Length > MaxLength)
        {
            return null;
        }

        var byRank = new SortedDictionary<int, HashSet<string>>();
        foreach (string assignment in AssignmentsIn(flags))
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            int dot = equals < 0 ? -1 : assignment.LastIndexOf('.', equals);
            int rank = dot > 0 && NamesOfVersions.Contains(assignment[(dot + 1)..equals]) ? RankOf(assignment[..dot], mainModule) : NoRank;
            if (rank < NoRank && ReleaseIn(assignment[(equals + 1)..]) is { } version)
            {
                byRank.TryAdd(rank, []);
                byRank[rank].Add(version);
            }
        }

        return byRank.Count > 0 && byRank.First().Value is { Count: 1 } sure ? sure.Single() : null;
    }

    // -X a.b=c, -X=a.b=c, -X 'a.b=c d', -X "a.b=c".
    private static IEnumerable<string> AssignmentsIn(string flags)
    {
        bool isNext = false;
        foreach (string word in Word().Matches(flags).Select(match => match.Value.Trim('\'', '"')))
        {
            if (isNext)
            {
                yield return word;
            }
            else if (word.StartsWith("-X=", StringComparison.Ordinal))
            {
                yield return word["-X=".Length..];
            }

            isNext = !isNext && word == "-X";
        }
    }

    private static int RankOf(string package, string mainModule) =>
        package == "main" ? 0
        : package == mainModule || package.StartsWith(mainModule + "/", StringComparison.Ordinal) ? 1
        : Keepers.Contains(package) ? 2
        : NoRank;

    private static string? ReleaseIn(string value)
    {
        Match match = Release().Match(BeyondTag().Replace(value.Trim(), ""));

        // 0.0.0 is what scripts write when they know nothing.
        return match.Success && match.Groups["numbers"].Value != "0.0.0" ? "v" + match.Groups["version"].Value : null;
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    // "v1.2.3-5-g1a2b3c4" is five commits after v1.2.3 (https://git-scm.com/docs/git-describe), though by its order it would be before it.
    [GeneratedRegex("(-[0-9]+-g[0-9a-f]{4,40})?(-dirty)?$", RegexOptions.NonBacktracking)]
    private static partial Regex BeyondTag();

    [GeneratedRegex(@"^v?(?<version>(?<numbers>[0-9]+\.[0-9]+\.[0-9]+)(-[0-9A-Za-z.-]+)?)(\+[0-9A-Za-z.-]+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Release();
}
