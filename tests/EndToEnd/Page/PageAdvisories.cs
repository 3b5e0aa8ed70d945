using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.EndToEnd.Page;

/// <summary>Snapshots of advisories that show what the page can show.</summary>
internal sealed class PageAdvisories : IDisposable
{
    public const string Critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    public const string High = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
    public const string Medium = "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N";
    public const string Low = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";

    // The page doubts advisories that are a month old.
    private static readonly DateTimeOffset Day = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("advisories-of-the-page-");

    /// <summary>The setting <c>Advisories:Path</c>.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "advisories.snap");

    /// <summary>A snapshot of these.</summary>
    public static PageAdvisories Of(IEnumerable<Advisory> advisories, params IEnumerable<CveMetadata> facts)
    {
        var made = new PageAdvisories();
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        foreach (Advisory advisory in advisories)
        {
            builder.Add(advisory);
        }

        foreach (CveMetadata fact in facts)
        {
            builder.Add(fact);
        }

        builder.Write(made.Path, DateTimeOffset.UtcNow);
        return made;
    }

    /// <summary>What is known of the demonstration's image, of which the descriptions are true and the EPSS and KEV are made.</summary>
    public static PageAdvisories OfTheDemonstration() => Of(
        [
            Make("CVE-2021-44906", "npm", "minimist", "1.2.6", Critical, "Prototype pollution by arguments of the command line"),
            Make("CVE-2021-23337", "npm", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "Command injection by the template function"),
            Make("CVE-2020-28500", "npm", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "Slow regular expressions in toNumber, trim and trimEnd"),
            Make("CVE-2023-32681", "PyPI", "requests", "2.31.0", Medium, "Proxy-Authorization is sent to the destination after a redirect"),
            Make("CVE-2020-28493", "PyPI", "jinja2", "2.11.3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", "Slow regular expression in urlize"),
            Make("CVE-2022-32221", "Debian:11", "curl", "7.74.0-1.3+deb11u5", Critical, "A handle that did a PUT does a POST with the wrong data"),
            Make("CVE-2022-43552", "Debian:11", "curl", "7.74.0-1.3+deb11u5", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", "Use after free where a proxy denies SMB or TELNET"),
            Make("CVE-2023-0286", "Debian:11", "openssl", "1.1.1n-0+deb11u4", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H", "Type confusion of X.400 addresses in a GeneralName"),
            Make("CVE-2022-4450", "Debian:11", "openssl", "1.1.1n-0+deb11u4", High, "Double free after reading a PEM file without payload"),
            Make("CVE-2023-0215", "Debian:11", "openssl", "1.1.1n-0+deb11u4", High, "Use after free in BIO_new_NDEF"),
            Make("CVE-2022-4304", "Debian:11", "openssl", "1.1.1n-0+deb11u4", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", "Timing of RSA decryption tells of the plain text"),
            Make("CVE-2022-43680", "Debian:11", "expat", "2.2.10-2+deb11u5", High, "Use after free when memory is short"),
        ],
        Fact("CVE-2021-44906", 0.012f, 0.79f),
        Fact("CVE-2021-23337", 0.007f, 0.72f),
        Fact("CVE-2022-32221", 0.004f, 0.6f),
        Fact("CVE-2023-0286", 0.88f, 0.99f) with
        {
            Exploit = new KnownExploit(new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 1))
            {
                ShortDescription = "Made for the tests of the page.",
                RequiredAction = "Apply what the vendor says.",
                RansomwareCampaignUse = "Unknown",
            },
        },
        Fact("CVE-2022-43680", 0.002f, 0.4f));

    /// <summary>So many advisories for so many Node packages, <c>package-0</c> and on: each of the packages is in all of its own.</summary>
    public static PageAdvisories OfMany(int packages, int each)
    {
        string[] vectors = [Critical, High, Medium, Low];
        return Of(Enumerable.Range(0, packages * each).Select(number => Make(
            $"CVE-2025-{10_000 + number}", "npm", $"package-{number % packages}", number % 3 == 0 ? null : "9.9.9", vectors[number % 4], $"Number {number} of many")));
    }

    /// <summary>An advisory of one package, mended in a version or, if that is null, not at all.</summary>
    public static Advisory Make(string cve, string ecosystem, string package, string? fixedIn, string vector, string summary) => new()
    {
        Id = cve.Replace("CVE", "MADE", StringComparison.Ordinal),
        Modified = DateTimeOffset.UtcNow.AddDays(-1),
        Published = Day,
        Aliases = [cve],
        Summary = summary,
        Link = $"https://nvd.nist.gov/vuln/detail/{cve}",
        Feed = "made",
        Source = "made",
        Vectors = new CvssVectors(V3: vector),
        Affected =
        [
            new AffectedPackage
            {
                Ecosystem = OsvEcosystem.Parse(ecosystem),
                Name = package,
                Ranges =
                [
                    new VersionRange(
                        RangeOrder.Ecosystem,
                        [
                            new RangeEvent(RangeEventKind.Introduced, "0"),
                            .. fixedIn is null ? Array.Empty<RangeEvent>() : [new RangeEvent(RangeEventKind.Fixed, fixedIn)],
                        ]),
                ],
            },
        ],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private static CveMetadata Fact(string cve, float probability, float percentile) =>
        new() { Id = cve, Feed = "facts", PublishedOn = Day, Epss = new EpssScore(probability, percentile) };
}
