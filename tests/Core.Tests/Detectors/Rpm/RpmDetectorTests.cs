using System.Diagnostics;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class RpmDetectorTests
{
    private const string Database = "var/lib/rpm/Packages";

    public static TheoryData<string> RealDatabases => [.. RpmFiles.Real];

    [Theory]
    [MemberData(nameof(RealDatabases))]
    public void ReadsRealDatabases(string file)
    {
        FileFindings found = RpmFiles.Read(RpmFiles.Bytes(file));

        const string Module = "nodejs:12:8030020201124152102:229f0a1c";
        const string Node = "1:12.19.1-1.module+el8.3.0+8851+b7b41ca0";
        const string NodeLicense = "MIT and ASL 2.0 and ISC and BSD";
        Assert.Empty(found.Warnings);
        Assert.Equal(
            [
                ("acme-agent", "1.0~rc1-1", null, null, "x86_64", null, "Acme, Ltd.", "Proprietary"),
                ("bind-utils", "32:9.11.4-26.P2.el8", "bind", null, "x86_64", null, "Red Hat, Inc.", "MPLv2.0"),
                ("filesystem", "3.8-2.el8", null, null, "x86_64", null, "Red Hat, Inc.", "Public Domain"),
                ("nodejs", Node, null, null, "x86_64", Module, "Red Hat, Inc.", NodeLicense),
                ("npm", "1:6.14.8-1.12.19.1.1.module+el8.3.0+8851+b7b41ca0", "nodejs", Node, "x86_64", Module, "Red Hat, Inc.", NodeLicense),
                ("python3-requests", "2.20.0-2.1.el8_1", "python-requests", null, "noarch", null, "Red Hat, Inc.", "ASL 2.0"),
            ],
            found.Packages
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => (p.Name, p.Version, p.SourceName, p.SourceVersion, p.Architecture, p.Module, p.Vendor, p.License)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Rpm, Database), (package.Type, package.Path)));
    }

    [Theory]
    [MemberData(nameof(RealDatabases))]
    public void KnowsTheFilesOfEachPackage(string file)
    {
        FileFindings found = RpmFiles.Read(RpmFiles.Bytes(file));

        Assert.Equal(["usr/bin/dig"], found.Owned.Single(owned => owned.Owner == "bind-utils").Paths);
        Assert.Contains("usr/lib/node_modules/npm/node_modules/abbrev/package.json", found.Owned.Single(owned => owned.Owner == "npm").Paths);
        Assert.Equal(43, found.Owned.Single(owned => owned.Owner == "python3-requests").Paths.Count);
        Assert.Equal(55, found.OwnedFiles);
    }

    [Fact]
    public void KnowsTheFilesOfPackagesFromBeforeRpm4()
    {
        byte[] header = MadeHeader.Of("old").Texts(RpmTag.OldFileNames, "/usr/lib/a.egg-info", "/b").ToBytes();

        FileFindings found = RpmFiles.Read(MadeDatabases.Ndb([header]));

        Assert.Equal(["usr/lib/a.egg-info", "b"], found.OwnedPaths());
    }

    [Fact]
    public void TakesFilesFromWhereAPackageWasMovedTo()
    {
        byte[] header = MadeHeader.Of("moved").Files(("/usr/", "a")).Files(("/opt/", "a")).ToBytes();

        Assert.Equal(["opt/a"], RpmFiles.Read(MadeDatabases.Ndb([header])).OwnedPaths());
    }

    [Fact]
    public void TakesAZeroEpochForNone()
    {
        FileFindings found = RpmFiles.Read(MadeDatabases.Sqlite([MadeHeader.Of("a", "1", "2").Numbers(RpmTag.Epoch, 0).ToBytes()]));

        Assert.Equal("1-2", Assert.Single(found.Packages).Version);
    }

    [Fact]
    public void LeavesOutWhatAPackageDoesNotState()
    {
        Package package = Assert.Single(RpmFiles.Read(MadeDatabases.Sqlite([MadeHeader.Of("a").Text(RpmTag.Vendor, "").ToBytes()])).Packages);

        Assert.Equal((null, null, null, null, null), (package.SourceName, package.Architecture, package.Module, package.Vendor, package.License));
    }

    [Fact]
    public void SaysThatAPackageHasNoVersion()
    {
        byte[] without = new MadeHeader().Text(RpmTag.Name, "a").Text(RpmTag.Release, "1").ToBytes();

        FileFindings found = RpmFiles.Read(MadeDatabases.Ndb([without, MadeHeader.Of("b").ToBytes()]));

        Assert.Equal("b", Assert.Single(found.Packages).Name);
        Assert.Contains("slot 2", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatSomethingIsNoHeader()
    {
        FileFindings found = RpmFiles.Read(MadeDatabases.Sqlite(["no header"u8.ToArray(), MadeHeader.Of("b").ToBytes()]));

        Assert.Equal("b", Assert.Single(found.Packages).Name);
        Assert.Contains("page 2", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAListOfFilesIsDamaged()
    {
        byte[] header = MadeHeader.Of("a").Texts(RpmTag.BaseNames, "x", "y").Numbers(RpmTag.DirIndexes, 0, 7).Texts(RpmTag.DirNames, "/").ToBytes();

        FileFindings found = RpmFiles.Read(MadeDatabases.Ndb([header]));

        Assert.Equal(["x"], found.OwnedPaths());
        Assert.Contains("package a", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    // Very many files, all in one very long folder: 200,000 paths of 4,000 bytes.
    [Fact]
    public void DoesNotUnfoldMadeUpListsOfFiles()
    {
        string folder = $"/{new string('x', 4000)}/";
        byte[] header = MadeHeader.Of("a").Files([(folder, "0")]).Numbers(RpmTag.DirIndexes, new uint[200_000])
            .Texts(RpmTag.BaseNames, [.. Enumerable.Repeat("0", 200_000)]).ToBytes();

        FileFindings found = RpmFiles.Read(MadeDatabases.Ndb([header]));

        Assert.InRange(found.OwnedFiles, 100, 5_000);
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void TakesAnEmptyFileForADatabaseWithoutPackages()
    {
        FileFindings found = RpmFiles.Read([]);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("no database at all")]
    [InlineData("RpmP")]
    [InlineData("SQLite format 3\0")]
    [InlineData("............\x61\x15\x06\0..")]
    public void SaysThatADatabaseIsNone(string text)
    {
        FileFindings found = Detection.Read(new RpmDetector(), Database, text);

        Assert.Empty(found.Packages);
        Assert.Contains("no package of it was read", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var/lib/rpm/Packages", true)]
    [InlineData("var/lib/rpm/Packages.db", true)]
    [InlineData("var/lib/rpm/rpmdb.sqlite", true)]
    [InlineData("usr/lib/sysimage/rpm/Packages.db", true)]
    [InlineData("usr/share/rpm/rpmdb.sqlite", true)]
    [InlineData("var/lib/rpmmanifest/container-manifest-2", true)]
    [InlineData("var/lib/rpm/__db.001", false)]
    [InlineData("var/lib/rpm/rpmdb.sqlite-shm", false)]
    [InlineData("var/lib/rpm/Name", false)]
    [InlineData("rootfs/var/lib/rpm/Packages", false)]
    public void WantsOnlyTheDatabase(string path, bool wanted) => Assert.Equal(wanted, new RpmDetector().Wants(path));

    [Theory]
    [InlineData("sqlite")]
    [InlineData("berkeley")]
    [InlineData("ndb")]
    public void ReadsALargeDatabaseInLittleTimeAndMemory(string format)
    {
        byte[][] headers = [.. Enumerable.Range(0, 5000).Select(HeaderWithFiles)];
        byte[] database = format switch
        {
            "sqlite" => MadeDatabases.Sqlite(headers),
            "berkeley" => MadeDatabases.Berkeley(headers, buckets: 512),
            _ => MadeDatabases.Ndb(headers),
        };
        long started = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();

        FileFindings found = ReadKeeping(database, path => path.EndsWith("/file7", StringComparison.Ordinal));

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((5000, 5000, 0), (found.Packages.Count, found.OwnedFiles, found.Warnings.Count));

        // Half a million paths, each once, and the packages: no header is copied more than once, no list grows with a list.
        Assert.InRange(allocated, 1, 200 << 20);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    private static byte[] HeaderWithFiles(int number) => MadeHeader.Of($"package-{number}", "1.2.3", "4.el9")
        .Text(RpmTag.SourceRpm, $"source-{number}-1.2.3-4.el9.src.rpm")
        .Files([.. Enumerable.Range(0, 100).Select(i => ($"/usr/lib/package-{number}/folder{i % 10}/", $"file{i}"))])
        .ToBytes();

    private static FileFindings ReadKeeping(byte[] database, Func<string, bool> keepsOwned)
    {
        var findings = new FileFindings(Database, keepsOwned: keepsOwned);
        new RpmDetector().Read(new LayerEntry(Database, LayerEntryKind.File, database.Length), new MemoryStream(database), findings);
        return findings;
    }
}
