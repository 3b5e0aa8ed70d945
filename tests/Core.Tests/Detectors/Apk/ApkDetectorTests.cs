using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Apk;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Apk;

public sealed class ApkDetectorTests
{
    private const string Installed = "lib/apk/db/installed";

    private readonly ApkDetector _detector = new();

    [Fact]
    public void ReadsARealDatabase()
    {
        FileFindings found = Detection.ReadTestData(_detector, Installed, "alpine-3.20-installed");

        Assert.Equal(
            [
                ("alpine-keys", "2.4-r1", null, "MIT"),
                ("busybox", "1.36.1-r29", null, "GPL-2.0-only"),
                ("libcrypto3", "3.3.2-r0", "openssl", "Apache-2.0"),
                ("musl-utils", "1.2.5-r0", "musl", "MIT AND BSD-2-Clause AND GPL-2.0-or-later"),
                ("ssl_client", "1.36.1-r29", "busybox", "GPL-2.0-only"),
            ],
            found.Packages.Select(p => (p.Name, p.Version, p.SourceName, p.License)).Order());
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Apk, "x86_64", Installed), (package.Type, package.Architecture, package.Path)));
        Assert.Contains("lib/libcrypto.so.3", found.OwnedPaths());
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void KeepsCaseOfLettersApart()
    {
        // p: and v: are other things than P: and V:.
        FileFindings found = Detection.Read(_detector, Installed, "P:x\np:cmd:y=1\nV:1-r0\nv:2\n");

        Assert.Equal([("x", "1-r0")], found.Packages.Select(p => (p.Name, p.Version)));
    }

    [Fact]
    public void NamesOwnedFilesByTheFolderBeforeThem()
    {
        FileFindings found = Detection.Read(_detector, Installed, "P:x\nV:1\nF:\nR:a\nF:usr/lib\nR:b\nR:c\n\nP:y\nV:1\nR:d\n");

        Assert.Equal(["a", "usr/lib/b", "usr/lib/c", "d"], found.OwnedPaths());
    }

    [Theory]
    [InlineData("P:x\n", "V:")]
    [InlineData("V:1-r0\n", "P:")]
    public void SaysWhatAnEntryLacks(string record, string missing)
    {
        FileFindings found = Detection.Read(_detector, Installed, record);

        Assert.Empty(found.Packages);
        Assert.Contains(missing, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lib/apk/db/installed", true)]
    [InlineData("usr/lib/apk/db/installed", true)]
    [InlineData("lib/apk/db/installed.new", false)]
    [InlineData("rootfs/lib/apk/db/installed", false)]
    public void WantsOnlyTheDatabase(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    [Fact]
    public void DoesNotBuildALongPathForEveryShortName()
    {
        // 900 KB that name 300,000 files: 1.2 GB of paths if every one was put together.
        string text = $"P:a\nV:1\nF:{new string('f', 4000)}\n{string.Concat(Enumerable.Repeat("R:x\n", 300_000))}";

        FileFindings found = Detection.Read(new ApkDetector(), "lib/apk/db/installed", text);

        Assert.Single(found.Packages);
        Assert.Contains("more files than were looked at", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void PassesOverAFolderThatCannotExist() =>
        Assert.Empty(Detection.Read(new ApkDetector(), "lib/apk/db/installed", $"P:a\nV:1\nF:{new string('f', 5000)}\nR:x\n").OwnedPaths());
}
