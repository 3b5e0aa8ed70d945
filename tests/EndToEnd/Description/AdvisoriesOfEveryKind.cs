using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.EndToEnd.Description;

/// <summary>A snapshot with an advisory of every kind that an answer can tell apart.</summary>
internal sealed class AdvisoriesOfEveryKind : IDisposable
{
    public const string Package = "vulnerable";

    // Between them they have every value of every metric, and a score in every band.
    private static readonly string[] V3 =
    [
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:A/AC:H/PR:L/UI:R/S:C/C:L/I:N/A:N", "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:N/I:L/A:N",
        "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:L",
    ];

    private static readonly string[] V2 = ["AV:N/AC:L/Au:N/C:C/I:C/A:C", "AV:A/AC:M/Au:S/C:P/I:P/A:P", "AV:L/AC:H/Au:M/C:N/I:P/A:N"];

    // An ecosystem of each origin that StackRox has a name for, and one that it has none for.
    private static readonly string[] Systems =
    [
        "Debian:12", "Debian:8", "Ubuntu:22.04:LTS", "Alpine:v3.20", "Red Hat:enterprise_linux:9", "Amazon Linux:2", "Oracle Linux:9", "Photon OS:5.0",
        "SUSE:Linux Enterprise Server 15 SP5", "Rocky Linux:9",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("advisories-of-every-kind-");

    private AdvisoriesOfEveryKind()
    {
    }

    /// <summary>The setting <c>Advisories:Path</c>.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "advisories.snap");

    public static AdvisoriesOfEveryKind Build()
    {
        var made = new AdvisoriesOfEveryKind();
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        int number = 1000;
        foreach (CvssVectors vectors in V3.Select(vector => new CvssVectors(V3: vector)).Concat(V2.Select(vector => new CvssVectors(V2: vector))).Append(CvssVectors.None))
        {
            builder.Add(Of($"CVE-2026-{++number}", "npm", vectors));
        }

        foreach (string system in Systems)
        {
            builder.Add(Of($"CVE-2026-{++number}", system, new CvssVectors(V3: V3[0])));
        }

        builder.Add(Metadata("CVE-2026-1001"));
        builder.Write(made.Path, DateTimeOffset.UtcNow);
        return made;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Advisory Of(string cve, string ecosystem, CvssVectors vectors) => new()
    {
        Id = cve.Replace("CVE", "TEST", StringComparison.Ordinal),
        Modified = DateTimeOffset.UnixEpoch.AddYears(56),
        Published = DateTimeOffset.UnixEpoch.AddYears(55),
        Aliases = [cve],
        Summary = "Made for a test",
        Link = $"https://example.org/{cve}",
        Feed = "test",
        Source = "test",
        Vectors = vectors,
        Affected =
        [
            new AffectedPackage
            {
                Ecosystem = OsvEcosystem.Parse(ecosystem),
                Name = Package,
                FixedOn = DateTimeOffset.UnixEpoch.AddYears(55),
                Ranges = [new VersionRange(RangeOrder.Ecosystem, [new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "99.0.0")])],
            },
        ],
    };

    private static CveMetadata Metadata(string cve) => new()
    {
        Id = cve,
        Feed = "facts",
        PublishedOn = DateTimeOffset.UnixEpoch.AddYears(55),
        LastModified = DateTimeOffset.UnixEpoch.AddYears(56),
        NvdScores = new CvssScores(CvssV3.TryParse(V3[0], out CvssV3? v3) ? v3 : null, CvssV2.TryParse(V2[0], out CvssV2? v2) ? v2 : null, V4Score: null),
        Epss = new EpssScore(0.5f, 0.9f),
        Exploit = new KnownExploit(new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 1))
        {
            ShortDescription = "Made for a test",
            RequiredAction = "Mend it",
            RansomwareCampaignUse = "Unknown",
        },
    };
}
