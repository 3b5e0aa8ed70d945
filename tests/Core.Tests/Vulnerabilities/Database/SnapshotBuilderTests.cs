using System.Globalization;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public sealed class SnapshotBuilderTests
{
    private static readonly OsvEcosystem Npm = OsvEcosystem.Parse("npm");

    private static string Record(string id, string rest, string modified = "2024-01-01T00:00:00Z") =>
        $$"""{"id":"{{id}}","modified":"{{modified}}",{{rest}}}""";

    private static string Affects(string ecosystem, string name, string fixedIn) => $$"""
        "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},
          "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"{{fixedIn}}"}]}]}]
        """;

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        using var snapshot = TestSnapshot.Of(Record("GHSA-1", """
            "published":"2023-05-06T07:08:09Z","aliases":["CVE-2023-1111"],"summary":"Bad <b>thing</b>",
            "references":[{"type":"ADVISORY","url":"https://example.com/a"}],"database_specific":{"severity":"HIGH"},
            "severity":[{"type":"CVSS_V2","score":"v2"},{"type":"CVSS_V3","score":"v3"},{"type":"CVSS_V4","score":"v4"}],
            "affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["0.1.0","9.0.0"],
              "ecosystem_specific":{"severity":"low"},"severity":[{"type":"CVSS_V3","score":"own"}],
              "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"},{"last_affected":"2.1.0"},{"limit":"3.0.0"}]}]}]
            """));
        var lookup = snapshot.Database.Lookup();

        var posting = Assert.Single(lookup.Find(Npm, "x"));
        var advisory = lookup.Advisory(posting.Advisory);

        Assert.Equal(["9.0.0"], posting.Versions);
        Assert.Equal("low", posting.SeverityWord);
        Assert.Equal(new CvssVectors(null, "own"), posting.Vectors);
        var range = Assert.Single(posting.Ranges);
        Assert.Equal(RangeOrder.SemVer, range.Order);
        Assert.Equal(
            [
                new(RangeEventKind.Introduced, "0"),
                new(RangeEventKind.Fixed, "1.0.0"),
                new(RangeEventKind.Introduced, "2.0.0"),
                new(RangeEventKind.LastAffected, "2.1.0"),
                new(RangeEventKind.Limit, "3.0.0"),
            ],
            range.Events);
        Assert.Equal(["CVE-2023-1111"], advisory.Names);
        Assert.Equal(("GHSA-1", "Bad <b>thing</b>", "https://example.com/a", "HIGH"), (advisory.Id, advisory.Summary, advisory.Link, advisory.SeverityWord));
        Assert.Equal(new CvssVectors("v2", "v3", "v4"), advisory.Vectors);
        Assert.Equal(new DateTimeOffset(2023, 5, 6, 7, 8, 9, TimeSpan.Zero), advisory.Published);
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), advisory.Modified);
    }

    [Fact]
    public void TheLaterModifiedRecordOfAnIdCountsWhateverTheOrder()
    {
        string old = Record("A-1", Affects("npm", "x", "1.0.0"));
        string late = Record("A-1", Affects("npm", "y", "1.0.0"), "2024-06-01T00:00:00Z");

        foreach (string[] order in new[] { [old, late], new[] { late, old } })
        {
            using var snapshot = TestSnapshot.Of(order);

            Assert.Empty(snapshot.Database.Lookup().Find(Npm, "x"));
            Assert.Single(snapshot.Database.Lookup().Find(Npm, "y"));
            Assert.Equal(1, snapshot.Skipped.Superseded);
        }
    }

    [Fact]
    public void AWithdrawalThatIsLaterTakesTheRecordBack()
    {
        using var snapshot = TestSnapshot.Of(
            Record("A-1", Affects("npm", "x", "1.0.0")),
            Record("A-1", "\"withdrawn\":\"2024-06-01T00:00:00Z\"," + Affects("npm", "x", "1.0.0"), "2024-06-01T00:00:00Z"));

        Assert.Empty(snapshot.Database.Lookup().Find(Npm, "x"));
        Assert.Equal(1, snapshot.Skipped.Withdrawn);
    }

    [Fact]
    public void CountsWhatCouldNeverMatch()
    {
        using var snapshot = TestSnapshot.Of(
            Record("A-1", Affects("Debian", "x", "1.0")),
            Record("A-2", "\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},\"ranges\":[{\"type\":\"GIT\",\"events\":[]}]}]"),
            Record("A-3", "\"affected\":[]"),
            Record("A-4", Affects("npm", "x", "1.0.0")));

        Assert.Equal(new SkippedAdvisories(0, 0, WithoutRelease: 1, NothingToMatch: 2), snapshot.Skipped);
        Assert.Equal(1, snapshot.Database.Description.Advisories);
    }

    [Fact]
    public void FindsPythonNamesInAnySpelling()
    {
        using var snapshot = TestSnapshot.Of(Record("A-1", Affects("PyPI", "Zope.Interface", "1.0")));

        Assert.Single(snapshot.Database.Lookup().Find(OsvEcosystem.Parse("PyPI"), "zope_interface"));
    }

    [Fact]
    public void KeepsTheReleasesOfADistributionApart()
    {
        using var snapshot = TestSnapshot.Of(Record("A-1", Affects("Debian:11", "x", "1.0")));

        Assert.Single(snapshot.Database.Lookup().Find(OsvEcosystem.Parse("Debian:11"), "x"));
        Assert.Empty(snapshot.Database.Lookup().Find(OsvEcosystem.Parse("Debian:1"), "1\0x"));
        Assert.Empty(snapshot.Database.Lookup().Find(OsvEcosystem.Parse("Debian:12"), "x"));
        Assert.True(snapshot.Database.Covers("Debian:11"));
        Assert.False(snapshot.Database.Covers("Debian:12"));
        Assert.False(snapshot.Database.Covers("Debian"));
    }

    [Fact]
    public void AFactsOnlySnapshotHasNoProse()
    {
        using var snapshot = TestSnapshot.FactsOnly(Record("A-1", "\"summary\":\"Somebody's prose\"," + Affects("npm", "x", "1.0.0")));

        Assert.Equal("", snapshot.Database.Lookup().Advisory(0).Summary);
        Assert.True(snapshot.Database.Description.FactsOnly);
    }

    [Fact]
    public void KeepsMetadataOfTheCvesThatAdvisoriesNameAndOfNoOtherOrRejectedOne()
    {
        Assert.True(CvssV3.TryParse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", out var v3));
        var cve = new CveMetadata
        {
            Id = "CVE-2024-1111",
            PublishedOn = new DateTimeOffset(2024, 3, 4, 5, 6, 7, TimeSpan.Zero),
            Scores = new CvssScores(v3, null, 8.7f),
        };

        using var snapshot = TestSnapshot.WithCves(
            [cve, cve with { Id = "CVE-2024-2222" }, cve with { Id = "CVE-2024-3333", IsRejected = true }],
            Record("A-1", "\"upstream\":[\"CVE-2024-1111\",\"CVE-2024-3333\"]," + Affects("Debian:11", "x", "1.0")));

        Assert.Equal(cve, snapshot.Database.Lookup().Cve("CVE-2024-1111"));
        Assert.Null(snapshot.Database.Lookup().Cve("CVE-2024-2222"));
        Assert.Null(snapshot.Database.Lookup().Cve("CVE-2024-3333"));
        Assert.Null(snapshot.Database.Lookup().Cve("GHSA-1"));
        Assert.Equal(1, snapshot.Database.Description.Cves);
    }

    [Fact]
    public void DescribesWhatItHolds()
    {
        using var snapshot = TestSnapshot.Of(
            Record("A-1", Affects("npm", "x", "1.0.0")),
            Record("A-2", Affects("npm", "x", "1.0.0"), "2025-01-01T00:00:00Z"),
            Record("A-3", Affects("Debian:11", "y", "1.0"), "0001-01-01T00:00:00Z"));
        var description = snapshot.Database.Description;

        Assert.Equal((3, 2), (description.Advisories, description.Packages));
        Assert.Equal(
            [new EcosystemCount("Debian:11", 1), new EcosystemCount("npm", 2, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero))],
            description.Ecosystems);
        Assert.Equal(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), description.NewestRecord);
        Assert.Equal(TestSnapshot.BuiltAt, snapshot.Database.Origin.BuiltAt);
        Assert.Equal(64, snapshot.Database.Origin.Id.Length);
    }

    [Fact]
    public void TheSameRecordsInAnotherOrderGiveTheSameBytes()
    {
        string[] records = [.. Enumerable.Range(0, 300).Select(i => Record($"GHSA-{i}", Affects("npm", $"x{i % 7}", $"{i}.0.0")))];

        using var forwards = TestSnapshot.Of(records);
        using var backwards = TestSnapshot.Of([.. records.Reverse()]);

        Assert.Equal(forwards.Database.Origin.Id, backwards.Database.Origin.Id);
    }

    [Fact]
    public void FindsEveryRecordOfManyBlocks()
    {
        string[] records = [.. Enumerable.Range(0, 2000).Select(i =>
            Record($"GHSA-{i:D4}", $"\"summary\":\"{new string((char)('a' + (i % 26)), 50)} {i}\"," + Affects("npm", $"name-{i % 900}", $"1.{i}.0")))];
        using var snapshot = TestSnapshot.Of(records);
        var lookup = snapshot.Database.Lookup();

        var found = Enumerable.Range(0, 900).SelectMany(i => lookup.Find(Npm, $"name-{i}"))
            .Select(posting => lookup.Advisory(posting.Advisory).Id).Order(StringComparer.Ordinal);

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"GHSA-{i:D4}"), found);
    }

    // More statements than fit into one part of the grouping, in an order that has nothing to do with that of the file.
    [Fact]
    public void FindsEveryStatementOfManyParts()
    {
        const int Packages = 3_000;
        string text = new('v', 400);
        using var folder = new TemporaryFolder();
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        for (int i = 0; i < 20_000; i++)
        {
            builder.Add(new Advisory
            {
                Id = $"A-{i * 7919 % 20_000:D5}",
                Modified = TestSnapshot.BuiltAt,
                Affected = [Affected($"p{i % Packages}", $"{i}.0-{text}"), Affected($"p{(i * 31) % Packages}", $"{i}.1-{text}")],
            });
        }

        builder.Write(folder.File("a.snap"), TestSnapshot.BuiltAt);
        using var database = AdvisoryDatabase.Open(folder.File("a.snap"));
        var lookup = database.Lookup();

        int found = 0;
        for (int i = 0; i < Packages; i++)
        {
            foreach (Posting posting in lookup.Find(Npm, $"p{i}"))
            {
                string version = posting.Ranges[0].Events[1].Version;
                int record = int.Parse(version[..version.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
                Assert.Equal($"A-{record * 7919 % 20_000:D5}", lookup.Advisory(posting.Advisory).Id);
                Assert.Equal(i, version.Contains(".0-", StringComparison.Ordinal) ? record % Packages : record * 31 % Packages);
                found++;
            }
        }

        Assert.Equal(40_000, found);
        Assert.Equal((20_000, Packages), (database.Description.Advisories, database.Description.Packages));

        static AffectedPackage Affected(string name, string fixedIn) => new()
        {
            Ecosystem = Npm,
            Name = name,
            Ranges = [new VersionRange(RangeOrder.SemVer, [new(RangeEventKind.Introduced, "0"), new(RangeEventKind.Fixed, fixedIn)])],
        };
    }

    [Fact]
    public void KeepsAllThatAPostingSays()
    {
        AffectedPackage said = new()
        {
            Ecosystem = OsvEcosystem.Parse("Red Hat:enterprise_linux:8::appstream"),
            Name = "nodejs",
            NameKind = PackageNameKind.Own,
            Status = AdvisoryStatus.FixDeferred,
            Module = "nodejs:18",
            Architectures = ["x86_64", "aarch64"],
            Repository = "extra",
            Erratum = "RHSA-2024:1",
            FixedOn = TestSnapshot.BuiltAt,
            SeverityWord = "Important",
            Vectors = new CvssVectors("a", "b", "c"),
            Ranges = [new VersionRange(RangeOrder.Ecosystem, [new(RangeEventKind.Introduced, "0"), new(RangeEventKind.Fixed, "1:18-2")])],
        };
        Advisory advisory = new() { Id = "CVE-2024-1111", Modified = TestSnapshot.BuiltAt, Affected = [said, said with { Module = null, Erratum = null }] };
        using var snapshot = TestSnapshot.OfRecords(advisory);

        var postings = snapshot.Database.Lookup().Find(said.Ecosystem, "nodejs");

        Assert.Equal(2, postings.Count);
        Assert.Equal([("nodejs:18", "RHSA-2024:1"), (null, null)], postings.Select(posting => (posting.Module, posting.Erratum)));
        Assert.All(postings, posting =>
        {
            Assert.Equal((AdvisoryStatus.FixDeferred, PackageNameKind.Own, "extra"), (posting.Status, posting.NameKind, posting.Repository));
            Assert.Equal(["x86_64", "aarch64"], posting.Architectures);
            Assert.Equal((TestSnapshot.BuiltAt, "Important"), (posting.FixedOn, posting.SeverityWord));
            Assert.Equal(new CvssVectors("a", "b", "c"), posting.Vectors);
            Assert.Null(posting.Names);
        });
    }

    [Fact]
    public void LeavesOutWhatNoBlockCouldHold()
    {
        Advisory small = TestSnapshot.Read(Record("A-1", Affects("npm", "x", "1.0.0")));
        string[] many = [.. Enumerable.Range(10_000, 50_000).Select(i => $"CVE-2024-{i}")];
        using var snapshot = TestSnapshot.OfRecords(
            small,
            small with { Id = "A-2", Upstream = many },
            small with { Id = "A-3", Aliases = many },
            small with { Id = "A-4", Summary = new string('s', 2_000_000) },
            small with { Id = new string('i', 2_000_000) },
            small with { Id = "A-5", Aliases = [new string('a', 2_000_000)] },
            small with { Id = "A-6", Upstream = ["CVE-2024-1111"], Affected = [small.Affected[0] with { Name = "x\0y" }] },
            new CveMetadata { Id = "CVE-2024-1111", Summary = new string('s', 2_000_000) },
            new RepositoryCpes("r", [new string('c', 2_000_000)]));

        var check = SnapshotCheck.Of(snapshot.Database);

        Assert.Empty(check.Problems);
        Assert.Equal((2, 0, 0), (check.Advisories, check.Cves, check.Repositories));
        Assert.Equal(6, snapshot.Database.Description.Feeds[0].Skipped.Single(skipped => skipped.Reason == "too large").Count);
    }

    [Fact]
    public void LeavesWhatWasThereWhenItCannotWrite()
    {
        using var folder = new TemporaryFolder();
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);

        var refused = Assert.Throws<AdvisoryDatabaseException>(() => builder.Write(folder.File("missing", "a.snap"), TestSnapshot.BuiltAt));

        Assert.Contains("a.snap", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesNothingBesideTheSnapshot()
    {
        using var snapshot = TestSnapshot.Of(Record("A-1", Affects("npm", "x", "1.0.0")));

        Assert.Equal([snapshot.Path], Directory.GetFiles(Path.GetDirectoryName(snapshot.Path)!));
    }

    // A block that is longer than blocks may be is refused when it is read: by every scan of an image with that package.
    [Fact]
    public void AnAdvisoryWhoseIdsNoBlockHoldsIsLeftOut()
    {
        using var snapshot = TestSnapshot.Of(
            new Advisory
            {
                Id = "DSA-1",
                Modified = TestSnapshot.BuiltAt,
                Aliases = [.. Enumerable.Range(0, 9_000).Select(number => new string('x', 390) + number.ToString(CultureInfo.InvariantCulture))],
                Affected = [Affected("Debian:12", "x")],
            },
            new Advisory { Id = "DSA-2", Modified = TestSnapshot.BuiltAt, Affected = [Affected("Debian:12", "x")] });
        AdvisoryLookup lookup = snapshot.Database.Lookup();

        Posting posting = Assert.Single(lookup.Find(OsvEcosystem.Parse("Debian:12"), "x"));

        Assert.Equal("DSA-2", lookup.Advisory(posting.Advisory).Id);
    }

    // Red Hat has some thousand products, and a made record may name as many ecosystems as it likes.
    [Fact]
    public void CountsTheAdvisoriesOfManyEcosystemsInLittleMemory()
    {
        var contents = new SnapshotContents(400_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int product = 0; product < 5_000; product++)
        {
            contents.Add(product % 7, new OsvEcosystem("Red Hat", $"product:{product}"), TestSnapshot.BuiltAt);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.Equal((5_000, 7), (contents.Ecosystems.Count, contents.Advisories));
    }

    [Fact]
    public void CountsAnAdvisoryOfAnEcosystemOnceHoweverManyThereAre()
    {
        var contents = new SnapshotContents(10_000);

        for (int advisory = 0; advisory < 10_000; advisory++)
        {
            contents.Add(advisory, Npm, TestSnapshot.BuiltAt);
            contents.Add(advisory / 2, Npm, TestSnapshot.BuiltAt);
        }

        Assert.Equal(10_000, Assert.Single(contents.Ecosystems).Advisories);
    }

    private static AffectedPackage Affected(string ecosystem, string name) => new() { Ecosystem = OsvEcosystem.Parse(ecosystem), Name = name, Versions = ["1"] };
}
