using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>No bytes make a detector throw, take long or give more than it is asked for.</summary>
public sealed class HostileFilesTests
{
    private const int MaxPackages = 5;

    // A place and a good file for each detector, to be spoilt.
    private static readonly (string Path, string Text)[] Good =
    [
        ("etc/os-release", "ID=debian\nVERSION_ID=\"11\"\nPRETTY_NAME='Debian \\\" x'\n"),
        ("etc/debian_version", "11.5\n"),
        ("etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=\"22.04\"\n"),
        ("etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 5\n"),
        ("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nSource: b (1)\nVersion: 2\n\nPackage: c\nVersion: 3\n"),
        ("var/lib/dpkg/status.d/a", "Package: a\nVersion: 2\n"),
        ("var/lib/dpkg/info/a.list", "/.\n/usr\n/usr/lib/x.egg-info\n"),
        ("var/lib/dpkg/diversions", "/a\n/usr/lib/x.egg-info\nb\n"),
        ("usr/share/doc/a/copyright", "Format: x\n\nFiles: *\nLicense: A or B, and C\n text /usr/share/common-licenses/GPL\n"),
        ("lib/apk/db/installed", "P:a\nV:1-r0\no:b\nF:usr\nR:c\n\nP:d\nV:2\n"),
        ("etc/apk/repositories", "https://a/alpine/v3.20/main\n@x https://a/alpine/edge/main\n"),
        ("node_modules/a/package.json", "{\"name\": \"a\", \"version\": \"1\", \"licenses\": [{\"type\": \"MIT\"}, \"x\"], \"a\": {\"b\": [1]}}"),
        ("include/node/node_version.h", "#define NODE_MAJOR_VERSION 1\n#define NODE_MINOR_VERSION 2\n#define NODE_PATCH_VERSION 3\n"),
        ("conda-meta/a.json", "{\"name\": \"a\", \"version\": \"1\", \"channel\": \"https://a/t/b/c/d\", \"files\": [\"x\"]}"),
        ("var/lib/rpm/rpmdb.sqlite", "SQLite format 3"),
        ("x.dist-info/METADATA", "Name: a\nVersion: 1\nLicense: MIT\nClassifier: License :: x :: y\n\ntext\n"),
    ];

    [Fact]
    public void HasAFileForEveryDetector() =>
        Assert.All(PackageDetectors.All, detector => Assert.Contains(Good, good => detector.Wants(good.Path)));

    [Fact]
    public void RandomBytesThrowNothing() =>
        Gen.Select(Gen.OneOf(Good), Gen.Byte.Array[0, 300]).Sample((good, bytes) => ReadAll(good.Path, bytes), iter: 3000);

    [Fact]
    public void SpoiltFilesThrowNothing() =>
        Gen.Select(Gen.OneOf(Good), Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[1, 6], Gen.Int[0, 200], Gen.Int[1, 4]).Sample(
            (good, changes, cut, copies) =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(good.Text, copies)));
                foreach ((int at, byte value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                ReadAll(good.Path, bytes[..^(cut % bytes.Length)]);
            },
            iter: 5000);

    [Fact]
    public void LeavesOutPackagesBeyondTheLimitAndSaysSo()
    {
        string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"Package: p{i}\nVersion: 1\n\n"));

        FileFindings found = ReadAll("var/lib/dpkg/status", Encoding.UTF8.GetBytes(text));

        Assert.Equal(MaxPackages, found.Packages.Count);
        Assert.Contains("LayerPackages", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOutOwnedFilesBeyondTheLimitAndSaysSo()
    {
        string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"/usr/lib/x{i}.egg-info\n"));

        FileFindings found = ReadAll("var/lib/dpkg/info/x.list", Encoding.UTF8.GetBytes(text));

        Assert.Equal(MaxPackages, found.OwnedFiles);
        Assert.Contains("LayerOwnedFiles", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesOutAPackageWhoseNameIsTooLongAndSaysSo()
    {
        FileFindings found = ReadAll("lib/apk/db/installed", Encoding.UTF8.GetBytes($"P:{new string('x', 2000)}\nV:1\n\nP:y\nV:1\n"));

        Assert.Equal(["y"], found.Packages.Select(package => package.Name));
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void SaysOnlyTheFirstOfManyFaultsOfAFile()
    {
        string text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"Package: p{i}\n\n"));

        FileFindings found = ReadAll("var/lib/dpkg/status", Encoding.UTF8.GetBytes(text));

        Assert.InRange(found.Warnings.Count, 1, 11);
    }

    private static FileFindings ReadAll(string path, byte[] bytes)
    {
        var entry = new LayerEntry(path, LayerEntryKind.File, bytes.Length);
        IPackageDetector detector = PackageDetectors.All.First(detector => detector.Wants(path));
        var findings = new FileFindings(path, MaxPackages, MaxPackages);
        detector.Read(entry, new MemoryStream(bytes), findings);
        Assert.True(findings.Packages.Count <= MaxPackages && findings.OwnedFiles <= MaxPackages);
        Assert.All(findings.Packages, package => Assert.True(package is { Name.Length: > 0, Version.Length: > 0, Path: var place } && place == path));
        return findings;
    }
}
