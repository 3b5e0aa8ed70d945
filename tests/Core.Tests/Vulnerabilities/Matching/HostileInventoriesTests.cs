using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;
using static ImageScan.Core.Tests.Vulnerabilities.Matching.MadeRecords;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Names, versions, labels and vendors are an image's own words; a match takes whatever they are.</summary>
public sealed class HostileInventoriesTests
{
    private static readonly string[] Ids =
    [
        "debian", "ubuntu", "alpine", "alpaquita", "wolfi", "rhel", "centos", "almalinux", "amzn", "ol", "photon", "azurelinux", "openeuler", "mageia", "sles",
        "opensuse", "opensuse-leap", "sle-micro",
    ];

    private static readonly string[] Words =
    [
        "", ":", "::", "-", ".", "x", "0", "1", "9", "15.5", "2018.03", "1:2-3", "5.15", "kernel-5.15", "php:7.4:1:2", ":7.4", ".module+", ".module_el8",
        ".ksplice1", "_fips", "+esm1", "(", ")", "openEuler 24.03 (LTS)", "noarch", "../..", "\u0000", "\ud800", "é",
        "99999999999999999999", "/sid", "sid", "edge", "_alpha",
    ];

    private static readonly Distribution[] Known =
    [
        new("debian", "11"), new("ubuntu", "15.5"), new("almalinux", "15"), new("ol", "15"), new("amzn", "2"), new("openeuler", "15.5"), new("rhel", "15.5"),
        new("sles", "15.5"), new("opensuse-leap", "15.5"),
    ];

    [Fact]
    public void NoMadeInventoryThrows()
    {
        var random = new Random(4);
        string[] ecosystems =
        [
            "Debian:11", "Debian:sid", "Ubuntu:Pro:15.5:LTS", "AlmaLinux:15", "Oracle Linux:15", "Amazon Linux:2", "Amazon Linux:15", "openEuler:15.5",
            "Red Hat:enterprise_linux:15::baseos", "SUSE:Linux Enterprise Server 15 SP5", "openSUSE:Leap 15.5", "npm", "Go", "Maven",
        ];
        using var snapshot = TestSnapshot.Of([.. Enumerable.Range(0, 400).Select(i => Says(
            $"{Word()}-{i}",
            $"CVE-2024-{1000 + (i % 40)}",
            Fixed(Pick(ecosystems), "x", Pick(["2.0.0", "2:2.0-1", NotEmpty(Word() + Word())])) with
            {
                Module = random.Next(4) == 0 ? Word() : null,
                Repository = random.Next(4) == 0 ? Word() : null,
                Erratum = random.Next(4) == 0 ? Word() : null,
                Architectures = random.Next(4) == 0 ? [Word()] : [],
                Status = (AdvisoryStatus)random.Next(6),
                NameKind = (PackageNameKind)random.Next(3),
            }))]);

        int findings = 0;
        for (int i = 0; i < 2_000; i++)
        {
            Distribution? distribution = random.Next(3) switch
            {
                0 => new Distribution(Pick(Ids), Word(), Word(), Word()),
                1 => Pick(Known),
                _ => null,
            };
            Package[] packages = [.. Enumerable.Range(0, 5).Select(_ => new Package
            {
                Type = Pick(PackageType.All),
                Name = Pick(["x", "x", "x:y", "filesystem", Word()]),
                Version = Pick(["1.0.0", "1:1.0-1", Word() + Word()]),
                SourceName = Pick([null, "x", Word()]),
                SourceVersion = Pick([null, Word()]),
                Architecture = Pick([null, "x86_64", Word()]),
                Module = Pick([null, Word()]),
                Vendor = Pick([null, Word()]),
                Path = "p",
            })];
            MatchOutcome outcome = AdvisoryMatcher.Match(
                new ImageInventory
                {
                    Distribution = distribution,
                    Packages = [.. packages.Select(package => new InstalledPackage(package, random.Next(3)))],
                    ContentSets = [new LayerContentSets(random.Next(3), [Word(), Word()])],
                    Warnings = [],
                },
                snapshot.Database);

            Assert.All(outcome.Packages.SelectMany(package => package.Findings), finding =>
            {
                Assert.True(finding.Status is not (AdvisoryStatus.NotAffected or AdvisoryStatus.UnderInvestigation));
                Assert.NotEqual("", finding.FixedBy);
            });
            findings += outcome.Packages.Sum(package => package.Findings.Count);
        }

        Assert.InRange(findings, 1_000, int.MaxValue);

        string Word() => Words[random.Next(Words.Length)];
        T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        static string NotEmpty(string text) => text.Length == 0 ? "1" : text;
    }
}
