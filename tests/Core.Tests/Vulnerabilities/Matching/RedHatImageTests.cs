using System.Formats.Tar;
using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Tests.Vulnerabilities.Feeds;
using ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;
using ImageScan.Core.Vulnerabilities.Matching;
using ImageScan.TestSupport;
using static ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat.MadeVex;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>
/// A base image of Red Hat's (UBI 8.0) against documents made for it, the whole way: read, built to a snapshot, matched. What rpm says of it is in
/// <c>../shared/images/rpm-ubi8-bdb.expected</c>.
/// </summary>
public sealed class RedHatImageTests
{
    private const string BaseOs8 = "cpe:/o:redhat:enterprise_linux:8::baseos";
    private const string AppStream8 = "cpe:/a:redhat:enterprise_linux:8::appstream";
    private const string Rhel8 = "cpe:/o:redhat:enterprise_linux:8";
    private const string Eus81 = "cpe:/o:redhat:rhel_eus:8.1::baseos";

    [Fact]
    public async Task IsMatchedByItsProducts()
    {
        // The image has curl and libcurl 7.61.1-8.el8 for x86_64.
        var vex = new MadeVex()
            .Fixed(BaseOs8, "pkg:rpm/redhat/curl@7.61.1-11.el8?arch=x86_64", "RHSA-2024:1")
            .Fixed(BaseOs8, "pkg:rpm/redhat/libcurl@7.61.1-11.el8?arch=s390x", "RHSA-2024:1")
            .Fixed(Eus81, "pkg:rpm/redhat/libcurl@7.61.1-12.el8_1?arch=x86_64", "RHSA-2024:2")
            .Fixed("cpe:/a:redhat:openshift:4.13::el8", "pkg:rpm/redhat/libcurl@9-1.el8?arch=x86_64", "RHSA-2024:3");

        Assert.Equal(["curl <7.61.1-11.el8 RHSA-2024:1"], await FindingsAsync(vex));
    }

    [Fact]
    public async Task ComparesEpochs()
    {
        // It has openssl-libs 1:1.1.1-8.el8.
        var vex = new MadeVex().Fixed(BaseOs8, "pkg:rpm/redhat/openssl-libs@1.1.1-8.el8?arch=x86_64&epoch=1");
        var later = new MadeVex().Fixed(BaseOs8, "pkg:rpm/redhat/openssl-libs@1.1.1c-2.el8?arch=x86_64&epoch=1");

        Assert.Empty(await FindingsAsync(vex));
        Assert.Equal(["openssl-libs <1:1.1.1c-2.el8 RHSA-2024:1000"], await FindingsAsync(later));
    }

    [Fact]
    public async Task TakesASourceForAllThatIsBuiltFromIt()
    {
        const string Glibc = "pkg:rpm/redhat/glibc?arch=src";
        var vex = new MadeVex().Says("known_affected", Rhel8, Glibc).Remedy("no_fix_planned", "Will not fix", null, Id(Rhel8, Glibc))
            .Says("known_not_affected", BaseOs8, "pkg:rpm/redhat/glibc-common@2.28-42.el8?arch=x86_64");

        Assert.Equal(["glibc WillNotFix", "glibc-minimal-langpack WillNotFix"], await FindingsAsync(vex));
    }

    [Fact]
    public async Task HasNothingOfAModuleInAPackageOutsideOfOne()
    {
        var vex = new MadeVex()
            .Fixed(AppStream8, "pkg:rpm/redhat/sqlite-libs@9-1.module%2Bel8?arch=x86_64&rpmmod=sqlite:3:8000020190510:1")
            .Says("known_affected", Rhel8, "pkg:rpm/redhat/sqlite@rhel8?arch=src&rpmmod=sqlite:rhel8");

        Assert.Empty(await FindingsAsync(vex));
    }

    [Fact]
    public async Task HasOneFindingOfTwoErrata()
    {
        // It has gnutls 3.6.5-2.el8.
        var vex = new MadeVex()
            .Fixed(BaseOs8, "pkg:rpm/redhat/gnutls@3.6.5-2.el8_0.1?arch=x86_64", "RHSA-2024:1")
            .Fixed(BaseOs8, "pkg:rpm/redhat/gnutls@3.6.8-8.el8?arch=x86_64", "RHSA-2024:2");

        Assert.Equal(["gnutls <3.6.8-8.el8 RHSA-2024:2"], await FindingsAsync(vex));
    }

    [Fact]
    public async Task IsMatchedByTheStreamThatItsRepositoriesAreOf()
    {
        var vex = new MadeVex()
            .Fixed(BaseOs8, "pkg:rpm/redhat/curl@7.61.1-11.el8?arch=x86_64", "RHSA-2024:1")
            .Fixed(Eus81, "pkg:rpm/redhat/curl@7.61.1-8.el8?arch=x86_64", "RHSA-2024:2")
            .Fixed(Eus81, "pkg:rpm/redhat/libcurl@7.61.1-8.el8.1?arch=x86_64", "RHSA-2024:2");

        Assert.Equal(["libcurl <7.61.1-8.el8.1 RHSA-2024:2"], await FindingsAsync(vex, "rhel-8-for-x86_64-baseos-eus-rpms"));
    }

    private static async Task<IEnumerable<string>> FindingsAsync(MadeVex vex, params string[] repositories)
    {
        FeedReading reading = await FeedReading.OfAsync(new RedHatFeed(), "2024/cve-2024-1000.json", vex.Bytes);
        using var snapshot = TestSnapshot.OfRecords([.. reading.Records, new RepositoryCpes("rhel-8-for-x86_64-baseos-eus-rpms", [Eus81])]);
        ImageInventory image = await ImageAsync();
        var outcome = AdvisoryMatcher.Match(
            image with { ContentSets = repositories.Length == 0 ? [] : [new LayerContentSets(0, repositories)] }, snapshot.Database);

        Assert.Equal(99, outcome.Packages.Count);
        Assert.Empty(outcome.Warnings);
        return outcome.Packages.SelectMany(package => package.Findings.Select(finding => string.Join(' ', new[]
        {
            package.Installed.Package.Name,
            finding.FixedBy is null ? null : "<" + finding.FixedBy,
            finding.Status == AdvisoryStatus.Affected ? finding.AdvisoryId : finding.Status.ToString(),
        }.Where(part => part is not null)))).Order(StringComparer.Ordinal);
    }

    // It has one layer, a tar in the tar.
    private static async Task<ImageInventory> ImageAsync()
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        var layers = new List<LayerInventory>();
        using var reader = new TarReader(File.OpenRead(SharedData.Path("images", "rpm-ubi8-bdb.tar")));
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                layers.Add(await inspection.ReadAsync(
                    _ => Task.FromResult(entry.DataStream!), "application/vnd.docker.image.rootfs.diff.tar", TestContext.Current.CancellationToken));
            }
        }

        return LayerMerge.Of(layers, TestContext.Current.CancellationToken);
    }
}
