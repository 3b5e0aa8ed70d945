using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>What an advisory says of each package, on one line: <c>Debian:11 curl &lt; 7.74.0-1.3+deb11u2</c>; what it does not say is not there.</summary>
internal static class Stated
{
    public static string[] Of(Advisory advisory) => [.. advisory.Affected.Select(Of)];

    public static string[] Of(FeedReading reading) => [.. reading.Advisories.SelectMany(advisory => Of(advisory).Select(said => $"{advisory.Id}: {said}"))];

    private static string Of(AffectedPackage package)
    {
        string ranges = string.Join(" or ", package.Ranges.Select(Of));
        string status = package.Status == AdvisoryStatus.Affected ? "" : $" {package.Status}";
        string word = package.SeverityWord is null ? "" : $" word={package.SeverityWord}";
        string kind = package.NameKind == PackageNameKind.Usual ? "" : $" name={package.NameKind}";
        string module = package.Module is null ? "" : $" module={package.Module}";
        string repository = package.Repository is null ? "" : $" repository={package.Repository}";
        string architectures = package.Architectures.Count == 0 ? "" : $" arch={string.Join(',', package.Architectures)}";
        return $"{package.Ecosystem} {package.Name} {ranges}{status}{word}{kind}{module}{repository}{architectures}";
    }

    private static string Of(VersionRange range) => range.Events switch
    {
        [{ Kind: RangeEventKind.Introduced, Version: "0" }] => "every",
        [{ Kind: RangeEventKind.Introduced, Version: "0" }, { Kind: RangeEventKind.Fixed } mended] => $"< {mended.Version}",
        [{ Kind: RangeEventKind.Introduced, Version: "0" }, { Kind: RangeEventKind.LastAffected } last] => $"<= {last.Version}",
        _ => "another range",
    };
}
