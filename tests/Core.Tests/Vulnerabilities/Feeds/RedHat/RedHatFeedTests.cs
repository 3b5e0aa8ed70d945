using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;
using static ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat.MadeVex;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

public sealed class RedHatFeedTests
{
    private const string Name = "2024/cve-2024-1000.json";
    private const string Foo = "pkg:rpm/redhat/foo?arch=src";

    private static Task<FeedReading> ReadAsync(MadeVex vex) => FeedReading.OfAsync(new RedHatFeed(), Name, vex.Bytes);

    private static async Task<IReadOnlyList<AffectedPackage>> AffectedAsync(MadeVex vex) => Assert.Single((await ReadAsync(vex)).Advisories).Affected;

    // ecosystem name[kind] module fix status architectures
    private static string Line(AffectedPackage affected) => string.Join(
        ' ',
        new[]
        {
            affected.Ecosystem.Release,
            affected.NameKind == PackageNameKind.Source ? affected.Name + ".src" : affected.Name,
            affected.Module,
            affected.Ranges.Single().Events is [_, { Kind: RangeEventKind.Fixed } end] ? "<" + end.Version : null,
            affected.Status == AdvisoryStatus.Affected ? null : affected.Status.ToString(),
            affected.Architectures.Count > 0 ? $"[{string.Join(',', affected.Architectures)}]" : null,
        }.Where(part => part is not null));

    [Fact]
    public async Task SaysWhatTheDocumentIsAbout()
    {
        Advisory advisory = Assert.Single((await ReadAsync(new MadeVex().Fixed(BaseOs9, "pkg:rpm/redhat/foo@1.0-2.el9?arch=x86_64"))).Advisories);

        Assert.Equal("CVE-2024-1000", advisory.Id);
        Assert.Equal(AdvisoryAuthority.Vendor, advisory.Authority);
        Assert.Equal(new DateTimeOffset(2024, 8, 4, 10, 17, 22, TimeSpan.Zero), advisory.Modified);
        Assert.Equal(new DateTimeOffset(2024, 7, 1, 0, 0, 0, TimeSpan.Zero), advisory.Published);
        Assert.Equal("moderate", advisory.SeverityWord);
        Assert.Equal("A flaw was found in foo.", advisory.Summary);
        Assert.Equal("https://access.redhat.com/security/cve/CVE-2024-1000", advisory.Link);
        Assert.Empty(advisory.Upstream);
        Assert.Empty(advisory.Aliases);
    }

    [Fact]
    public async Task TakesErratumVersionAndDateOfAFix()
    {
        var vex = new MadeVex().Fixed(BaseOs9, "pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64&epoch=1", "RHSA-2024:2447");

        AffectedPackage affected = Assert.Single(await AffectedAsync(vex));

        Assert.Equal("Red Hat:enterprise_linux:9::baseos", affected.Ecosystem.ToString());
        Assert.Equal("openssl", affected.Name);
        Assert.Equal(PackageNameKind.Own, affected.NameKind);
        VersionRange range = Assert.Single(affected.Ranges);
        Assert.Equal([new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "1:3.0.7-27.el9")], range.Events);
        Assert.Equal("RHSA-2024:2447", affected.Erratum);
        Assert.Equal(new DateTimeOffset(2024, 7, 9, 8, 0, 0, TimeSpan.Zero), affected.FixedOn);
        Assert.Equal(["x86_64"], affected.Architectures);
    }

    [Theory]
    [InlineData("pkg:rpm/redhat/foo@1.0-2.el9?arch=noarch", "foo <1.0-2.el9")]
    [InlineData("pkg:rpm/redhat/foo@1.0-2.el9?arch=noarch&epoch=0", "foo <1.0-2.el9")]
    [InlineData("pkg:rpm/redhat/foo@1.0-2.el9?epoch=3&arch=noarch", "foo <3:1.0-2.el9")]
    [InlineData("pkg:rpm/redhat/libstdc%2B%2B@11.5.0-5.el9?arch=noarch", "libstdc++ <11.5.0-5.el9")]
    [InlineData("pkg:rpm/redhat/foo@1.0~rc1-2%5E3.el9?arch=noarch", "foo <1.0~rc1-2^3.el9")]
    public async Task ReadsVersionsOfPackageUrls(string purl, string expected)
    {
        Assert.Equal("enterprise_linux:9::baseos " + expected, Line(Assert.Single(await AffectedAsync(new MadeVex().Fixed(BaseOs9, purl)))));
    }

    [Fact]
    public async Task BringsArchitecturesTogether()
    {
        var vex = new MadeVex();
        foreach (string architecture in (string[])["aarch64", "i686", "ppc64le", "s390x", "x86_64"])
        {
            vex.Fixed(BaseOs9, $"pkg:rpm/redhat/everywhere@1-1?arch={architecture}");
        }

        vex.Fixed(BaseOs9, "pkg:rpm/redhat/somewhere@1-1?arch=x86_64").Fixed(BaseOs9, "pkg:rpm/redhat/somewhere@1-1?arch=s390x")
            .Fixed(BaseOs9, "pkg:rpm/redhat/differs@1-1?arch=x86_64").Fixed(BaseOs9, "pkg:rpm/redhat/differs@1-2?arch=s390x");

        Assert.Equal(
            [
                "enterprise_linux:9::baseos everywhere <1-1",
                "enterprise_linux:9::baseos somewhere <1-1 [s390x,x86_64]",
                "enterprise_linux:9::baseos differs <1-1 [x86_64]",
                "enterprise_linux:9::baseos differs <1-2 [s390x]",
            ],
            (await AffectedAsync(vex)).Select(Line));
    }

    // Trap 8: several errata for one CVE in one stream stay apart, each with its own version.
    [Fact]
    public async Task KeepsSeveralErrataForOneCveApart()
    {
        var vex = new MadeVex()
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo@1-1.el9_3?arch=noarch", "RHSA-2024:1")
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo@1-4.el9_4?arch=noarch", "RHSA-2024:2")
            .Fixed("cpe:/o:redhat:rhel_eus:9.2::baseos", "pkg:rpm/redhat/foo@1-1.el9_2.1?arch=noarch", "RHSA-2024:3");

        Assert.Equal(
            [
                "enterprise_linux:9::baseos <1-1.el9_3 RHSA-2024:1",
                "enterprise_linux:9::baseos <1-4.el9_4 RHSA-2024:2",
                "rhel_eus:9.2::baseos <1-1.el9_2.1 RHSA-2024:3",
            ],
            (await AffectedAsync(vex)).Select(affected => $"{affected.Ecosystem.Release} <{affected.Ranges[0].Events[1].Version} {affected.Erratum}"));
    }

    // Trap 10, in the words of the guidelines and those of documents.
    [Theory]
    [InlineData("none_available", "Affected", AdvisoryStatus.Affected)]
    [InlineData("none_available", "Deferred", AdvisoryStatus.FixDeferred)]
    [InlineData("none_available", "Fix deferred", AdvisoryStatus.FixDeferred)]
    [InlineData("no_fix_planned", "Will not fix", AdvisoryStatus.WillNotFix)]
    [InlineData("no_fix_planned", "Out of support scope", AdvisoryStatus.EndOfLife)]
    [InlineData("workaround", "Do not use it.", AdvisoryStatus.Affected)]
    public async Task TellsWhatIsDoneAboutWhatIsNotMended(string category, string details, AdvisoryStatus status)
    {
        var vex = new MadeVex().Says("known_affected", Rhel9, Foo)
            .Remedy("workaround", "Mitigation for this issue is not available.", null, Id(Rhel9, Foo))
            .Remedy(category, details, null, Id(Rhel9, Foo));

        AffectedPackage affected = Assert.Single(await AffectedAsync(vex));

        Assert.Equal(status, affected.Status);
        Assert.Equal(PackageNameKind.Source, affected.NameKind);
        Assert.Equal([new RangeEvent(RangeEventKind.Introduced, "0")], Assert.Single(affected.Ranges).Events);
    }

    [Fact]
    public async Task KeepsWhatIsUnderInvestigation()
    {
        AffectedPackage affected = Assert.Single(await AffectedAsync(new MadeVex().Says("under_investigation", Rhel9, Foo)));

        Assert.Equal("enterprise_linux:9 foo.src UnderInvestigation", Line(affected));
    }

    [Fact]
    public async Task TakesAnUnfixedPackageWithoutArchitectureByItsOwnName()
    {
        var vex = new MadeVex().Says("known_affected", Rhel9, "pkg:rpm/redhat/libfoo");

        Assert.Equal("enterprise_linux:9 libfoo", Line(Assert.Single(await AffectedAsync(vex))));
    }

    // Trap 6, in the three ways in which documents have named modules: https://issues.redhat.com/browse/SECDATA-1115.
    [Fact]
    public async Task NamesTheModuleOfAQualifier()
    {
        var vex = new MadeVex()
            .Fixed(AppStream9, "pkg:rpm/redhat/npm@8.19.3-1.module%2Bel8.7.0%2B1%2Bab?arch=noarch&epoch=1&rpmmod=nodejs:18:8070020230301:bd1311ed")
            .Says("known_affected", Rhel9, "pkg:rpm/redhat/go-toolset@rhel8?arch=src&rpmmod=go-toolset:rhel8");

        Assert.Equal(
            ["enterprise_linux:9::appstream npm nodejs:18 <1:8.19.3-1.module+el8.7.0+1+ab", "enterprise_linux:9 go-toolset.src go-toolset:rhel8"],
            (await AffectedAsync(vex)).Select(Line));
    }

    [Fact]
    public async Task NamesTheModuleBetweenAPackageAndItsProduct()
    {
        var vex = new MadeVex().Fixed(
            AppStream9,
            "pkg:rpm/redhat/rubygems@3.5.16-3.module%2Bel8.10.0%2B22271%2B6a48b0b9?arch=noarch",
            module: "pkg:rpmmod/redhat/ruby@3.3%3A8100020240906074654%3A489197e6");

        Assert.Equal(
            "enterprise_linux:9::appstream rubygems ruby:3.3 <3.5.16-3.module+el8.10.0+22271+6a48b0b9", Line(Assert.Single(await AffectedAsync(vex))));
    }

    [Fact]
    public async Task NamesTheModuleOfAPackageThatIsNotMended()
    {
        var vex = new MadeVex().Says("known_affected", Rhel9, "pkg:rpmmod/redhat/postgresql:15/postgresql");

        Assert.Equal("enterprise_linux:9 postgresql.src postgresql:15", Line(Assert.Single(await AffectedAsync(vex))));
    }

    // Its version still shows that it is of one.
    [Fact]
    public async Task KeepsAModularRpmWhoseModuleIsNotNamed()
    {
        var vex = new MadeVex().Fixed(AppStream9, "pkg:rpm/redhat/npm@8.19.3-1.module%2Bel8.7.0%2B1%2Bab?arch=noarch");

        Assert.Equal("enterprise_linux:9::appstream npm <8.19.3-1.module+el8.7.0+1+ab", Line(Assert.Single(await AffectedAsync(vex))));
    }

    [Fact]
    public async Task SaysOnlyWhatDiffersFromTheWholeForAPackage()
    {
        const string Usual = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N";
        const string Worse = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        const string Old = "AV:N/AC:L/Au:N/C:P/I:N/A:N";
        string[] purls = [.. Enumerable.Range(1, 4).Select(number => $"pkg:rpm/redhat/p{number}@1-1?arch=noarch")];
        string[] ids = [.. purls.Select(purl => Id(BaseOs9, purl))];
        var vex = new MadeVex();
        foreach (string purl in purls)
        {
            vex.Fixed(BaseOs9, purl);
        }

        vex.Impact("Moderate", ids[0], ids[1]).Impact("Critical", ids[2]).Score(Usual, 6.5, ids[0], ids[1]).Score(Worse, 9.8, ids[2]).Score(Old, 5.0, ids[3]);
        Advisory advisory = Assert.Single((await ReadAsync(vex)).Advisories);

        Assert.Equal(new CvssVectors(V3: Usual), advisory.Vectors);
        Assert.Equal([null, null, "Critical", null], advisory.Affected.Select(affected => affected.SeverityWord));
        Assert.Equal(
            [CvssVectors.None, CvssVectors.None, new CvssVectors(V3: Worse), new CvssVectors(V2: Old)], advisory.Affected.Select(affected => affected.Vectors));
    }

    [Fact]
    public async Task LeavesOutWhatNoImageHas()
    {
        var vex = new MadeVex()
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo@1-1?arch=x86_64")
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo@1-1?arch=src")
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo-debuginfo@1-1?arch=x86_64")
            .Fixed(BaseOs9, "pkg:oci/sso76-openshift-rhel8@sha256:c3e0?arch=ppc64le&tag=7.6-22")
            .Fixed(BaseOs9, "pkg:rpm/fedora/foo@1-1?arch=x86_64")
            .Fixed(BaseOs9, "pkg:rpmmod/redhat/ruby@3.3:8100020240906074654:489197e6")
            .Fixed("cpe:/a:openliberty:19", "pkg:rpm/redhat/foo@1-2?arch=x86_64")
            .Fixed(BaseOs9, "pkg:rpm/redhat/foo?arch=x86_64")
            .Says("known_affected", Rhel9, null)
            .SaysOf("fixed", "EAP 7.4.10 release");

        FeedReading reading = await ReadAsync(vex);

        Assert.Equal(["enterprise_linux:9::baseos foo <1-1 [x86_64]"], Assert.Single(reading.Advisories).Affected.Select(Line));
        Assert.Equal(0, reading.Report.Malformed);
        Assert.Equal(
            [
                "1 a source rpm beside the rpms built from it",
                "1 about a component without a package URL",
                "1 about a module as a whole",
                "1 about a product as a whole",
                "1 about a product without a CPE of Red Hat's",
                "2 about what is no rpm of Red Hat's",
                "1 fixed, but in no version",
                "1 of symbols or sources for debuggers",
            ],
            reading.Report.Skipped.Select(skipped => $"{skipped.Value} {skipped.Key}"));
    }

    // As https://redhatproductsecurity.github.io/security-data-guidelines/vex-beta-details/ shows fixes to come: by the source alone.
    [Fact]
    public async Task LetsASourceStandForItsRpmsWhereNoneIsNamed()
    {
        var vex = new MadeVex().Fixed(AppStream9, "pkg:rpm/redhat/glibc@2.34-231.el9_7.10?arch=src");

        Assert.Equal("enterprise_linux:9::appstream glibc.src <2.34-231.el9_7.10", Line(Assert.Single(await AffectedAsync(vex))));
    }

    [Fact]
    public async Task LeavesOutWhatIsUnratedAndScoresZero()
    {
        var vex = new MadeVex().Says("known_affected", Rhel9, Foo).Score("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0, Id(Rhel9, Foo));

        Assert.Empty(await AffectedAsync(vex));
        Assert.Single(await AffectedAsync(vex.Impact("Low", Id(Rhel9, Foo))));
    }

    [Theory]
    // Nothing says otherwise: a package that nothing is said about is not found affected either.
    [InlineData(Rhel9, Foo, "cpe:/o:redhat:enterprise_linux:8", "pkg:rpm/redhat/foo?arch=src", false)]
    [InlineData(AppStream9, "pkg:rpm/redhat/bar@1-1?arch=x86_64", AppStream9, "pkg:rpm/redhat/foo@1-1?arch=x86_64", false)]
    // The source stands for all rpms built from it, which one of them may be.
    [InlineData(AppStream9, "pkg:rpm/redhat/libfoo@1-1?arch=x86_64", Rhel9, Foo, true)]
    // Another stream of the same release.
    [InlineData("cpe:/o:redhat:rhel_eus:9.2::baseos", Foo, Rhel9, Foo, true)]
    // The same package mended in the same product, or a part of it: what is mended was affected.
    [InlineData(AppStream9, "pkg:rpm/redhat/foo@1-1?arch=x86_64", AppStream9, "pkg:rpm/redhat/foo@2-1?arch=x86_64", false)]
    [InlineData(Rhel9, "pkg:rpm/redhat/foo", AppStream9, "pkg:rpm/redhat/foo@2-1?arch=x86_64", false)]
    [InlineData("cpe:/o:redhat:enterprise_linux:10.1", "pkg:rpm/redhat/foo", "cpe:/o:redhat:enterprise_linux:10.0", "pkg:rpm/redhat/foo@1-2", false)]
    public async Task KeepsADenialWhereItTakesSomethingBack(string deniedIn, string denied, string affectedIn, string affected, bool isKept)
    {
        bool isFix = affected.Contains('@', StringComparison.Ordinal);
        var vex = new MadeVex().Says("known_not_affected", deniedIn, denied);
        vex = isFix ? vex.Fixed(affectedIn, affected) : vex.Says("known_affected", affectedIn, affected);

        IReadOnlyList<AffectedPackage> all = await AffectedAsync(vex);

        Assert.Equal(isKept ? 1 : 0, all.Count(package => package.Status == AdvisoryStatus.NotAffected));
        Assert.Single(all, package => package.Status == AdvisoryStatus.Affected);
    }

    [Fact]
    public async Task TakesBackADeletedDocument()
    {
        var vex = new MadeVex().Fixed(BaseOs9, "pkg:rpm/redhat/foo@1-1?arch=x86_64");
        vex.Tracking["status"] = "deleted";

        Assert.NotNull(Assert.Single((await ReadAsync(vex)).Advisories).Withdrawn);
    }

    [Theory]
    [InlineData("{", "is no valid JSON")]
    [InlineData("[]", "is no")]
    [InlineData("{}", "has no valid 'current_release_date'")]
    [InlineData("""{"document":{"tracking":{"id":"x","current_release_date":"2024-08-04T10:17:22Z"}},"vulnerabilities":[{}]}""", "is about no CVE")]
    public async Task SaysOfADocumentThatIsNoneWhy(string text, string reason)
    {
        byte[] archive = MadeArchive.Of((Name, Encoding.UTF8.GetBytes(text)), (Name, new MadeVex().Bytes));

        FeedReading reading = await FeedReading.OfAsync(new RedHatFeed(), Name, archive);

        Assert.Single(reading.Advisories);
        Assert.StartsWith($"{Name}: {reason}", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsAnArchiveAndPassesOverOtherFiles()
    {
        byte[] archive = MadeArchive.Of(
            ("2024/cve-2024-1000.json", new MadeVex().Bytes), ("index.txt", "x"u8.ToArray()), ("2024/cve-2024-1001.json", new MadeVex("CVE-2024-1001").Bytes));

        FeedReading reading = await FeedReading.OfAsync(new RedHatFeed(), "csaf_vex_2024-08-04.tar.zst", archive);

        Assert.Equal(["CVE-2024-1000", "CVE-2024-1001"], reading.Advisories.Select(advisory => advisory.Id));
        Assert.Equal(1, reading.Report.Skipped["a file that is no document about a CVE"]);
    }

    [Fact]
    public async Task PassesOverADocumentThatIsTooLarge()
    {
        byte[] large = [.. new MadeVex().Bytes, .. new byte[RedHatFeed.MaxDocumentBytes]];

        FeedReading reading = await FeedReading.OfAsync(new RedHatFeed(), "", MadeArchive.Of((Name, large), (Name, new MadeVex().Bytes)));

        Assert.Single(reading.Advisories);
        Assert.Contains("is larger than", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redhat/vex/csaf_vex_2024-08-04.tar.zst", true)]
    [InlineData("vex-archive.tar.zst", true)]
    [InlineData("2023/cve-2023-6212.json", true)]
    [InlineData("a/b/2023/cve-2023-6212.json", true)]
    [InlineData("cve-2023-6212.json", false)]
    [InlineData("2023/CVE-2023-6212.json", false)]
    [InlineData("2023/rhsa-2023_7435.json", false)]
    [InlineData("csaf_advisories_2024-08-11.tar.zst", false)]
    [InlineData("changes.csv", false)]
    public void RecognisesItsDocuments(string path, bool isOne) => Assert.Equal(isOne, new RedHatFeed().Recognises(path));
}
