using System.Collections;
using System.Reflection;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class FeedRecordJsonTests
{
    private const string V2 = "(AV:N/AC:M/Au:N/C:P/I:P/A:P)";
    private const string V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    private const string V30 = "CVSS:3.0/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:N/A:N";
    private const string V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";

    private static readonly DateTimeOffset Day = new(2024, 5, 6, 7, 8, 9, 123, TimeSpan.FromHours(2));

    private static readonly AffectedPackage Package = new()
    {
        Ecosystem = OsvEcosystem.Parse("Red Hat:enterprise_linux:9::appstream"),
        Name = "nodejs",
        NameKind = PackageNameKind.Own,
        Versions = ["1.0", "2.0\n\"<\u2028"],
        Ranges =
        [
            new VersionRange(RangeOrder.SemVer, [new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "1:18.2")]),
            new VersionRange(RangeOrder.Ecosystem, [new RangeEvent(RangeEventKind.LastAffected, "3"), new RangeEvent(RangeEventKind.Limit, "*")]),
        ],
        Status = AdvisoryStatus.WillNotFix,
        Module = "nodejs:18",
        Architectures = ["x86_64", "aarch64"],
        Repository = "kernel-5.15",
        Erratum = "RHSA-2023:7435",
        FixedOn = Day,
        SeverityWord = "Important",
        Vectors = new CvssVectors(V2, V31, V4),
    };

    private static readonly Advisory Whole = new()
    {
        Id = "CVE-2024-1",
        Modified = Day,
        Authority = AdvisoryAuthority.Vendor,
        Published = Day.AddDays(-1),
        Withdrawn = Day.AddDays(1),
        Aliases = ["GHSA-1"],
        Upstream = ["CVE-2024-1", "CVE-2024-2"],
        Related = ["X-1"],
        Summary = "Prose with \ud83d\ude00 and \"quotes\"",
        Link = "https://example.com/?a=1&b=<2>",
        SeverityWord = "high",
        Vectors = new CvssVectors(null, V30, null),
        Affected = [Package],
    };

    private static readonly CveMetadata Cve = new()
    {
        Id = "CVE-2024-1",
        IsRejected = true,
        PublishedOn = Day,
        LastModified = Day.AddDays(3),
        Scores = ScoresOf(V30, null, V4),
        NvdScores = ScoresOf(V31, V2, null),
        Summary = "Prose",
        Epss = new EpssScore(0.97531f, 0.1f),
        Exploit = new KnownExploit(new DateOnly(2024, 1, 2), new DateOnly(2024, 1, 23))
        {
            ShortDescription = "short",
            RequiredAction = "Apply updates.",
            RansomwareCampaignUse = "Known",
        },
    };

    public static TheoryData<FeedRecord> Records =>
    [
        Whole,
        Cve,
        new Advisory { Id = "bare", Modified = default },
        new Advisory { Id = "", Modified = default, Affected = [new AffectedPackage { Ecosystem = OsvEcosystem.Parse("Wolfi"), Name = "" }] },
        Whole with { Affected = [Package with { Ranges = [new VersionRange(RangeOrder.Ecosystem, [])], Versions = [], Module = "", Erratum = "" }], SeverityWord = "" },
        new CveMetadata { Id = "CVE-2024-1" },
        Cve with { Exploit = new KnownExploit(null, null), Epss = new EpssScore(0, 0) },
        new RepositoryCpes("rhel-9-for-x86_64-baseos-rpms", ["cpe:/o:redhat:enterprise_linux:9::baseos"]),
        new RepositoryCpes("none", []),
        new ReleaseEnd("debian", "11", new DateOnly(2024, 8, 14), new DateOnly(2031, 6, 30)),
        new ReleaseEnd("debian", "1", default, null),
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void BringsBackEveryMember(FeedRecord record)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(record, FeedRecordJson.Options);

        FeedRecord? read = JsonSerializer.Deserialize<FeedRecord>(json, FeedRecordJson.Options);

        Assert.Equivalent(record, read, strict: true);
        Assert.DoesNotContain((byte)'\n', json);
    }

    // A member that is added later must be in the records above, or nobody would see that it is lost.
    [Fact]
    public void IsTestedWithEveryMember()
    {
        foreach (object whole in (object[])[Whole, Package, Cve, Cve.Epss!, Cve.Exploit!, Package.Vectors, Package.Ranges[0].Events[1]])
        {
            foreach (PropertyInfo member in whole.GetType().GetProperties().Where(member => member.SetMethod is not null && !IsOfTheLine(member)))
            {
                object? value = member.GetValue(whole);
                bool saysNothing = value switch
                {
                    null or "" or ICollection { Count: 0 } => true,
                    ValueType => value.Equals(Activator.CreateInstance(value.GetType())),
                    _ => false,
                };
                Assert.False(saysNothing, $"{whole.GetType().Name}.{member.Name}");
            }
        }
    }

    [Fact]
    public void LeavesOutWhatSaysNothing()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes<FeedRecord>(
            new Advisory { Id = "A-1", Modified = default, Source = "a", Feed = "b" }, FeedRecordJson.Options);

        Assert.Equal("""{"$type":"advisory","Id":"A-1","Modified":"0001-01-01T00:00:00+00:00"}"""u8, json);
    }

    private static bool IsOfTheLine(PropertyInfo member) => member.Name is nameof(FeedRecord.Source) or nameof(FeedRecord.Feed);

    private static CvssScores ScoresOf(string v3, string? v2, string? v4)
    {
        Assert.True(CvssV3.TryParse(v3, out CvssV3? parsed3));
        _ = CvssV2.TryParse(v2, out CvssV2? parsed2);
        float? score4 = CvssV4.TryScore(v4, out float score) ? score : null;
        return new CvssScores(parsed3, parsed2, score4);
    }
}
