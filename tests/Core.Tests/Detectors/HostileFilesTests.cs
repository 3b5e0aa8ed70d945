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
        ("var/lib/dpkg/info/a.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/lib/x.egg-info\n"),
        ("var/lib/dpkg/diversions", "/a\n/usr/lib/x.egg-info\nb\n"),
        ("usr/share/doc/a/copyright", "Format: x\n\nFiles: *\nLicense: A or B, and C\n text /usr/share/common-licenses/GPL\n"),
        ("lib/apk/db/installed", "P:a\nV:1-r0\no:b\nF:usr\nR:c\n\nP:d\nV:2\n"),
        ("etc/apk/repositories", "https://a/alpine/v3.20/main\n@x https://a/alpine/edge/main\n"),
        ("node_modules/a/package.json", "{\"name\": \"a\", \"version\": \"1\", \"licenses\": [{\"type\": \"MIT\"}, \"x\"], \"a\": {\"b\": [1]}}"),
        ("var/lib/rpm/rpmdb.sqlite", "SQLite format 3\0"),
        ("var/lib/rpm/Packages.db", "RpmP\0\0\0\0\u0001\0\0\0\u0001\0\0\0\u0002\0\0\0"),
        ("var/lib/rpm/rpmdb.sqlite-wal", "7\u007f\u0006\u0082\0-\u00e2\u0018\0\0\u0002\0"),
        ("var/lib/rpmmanifest/container-manifest-2", "a\t1-2\t1\t2\tv\t(none)\t0\tx86_64\t0\tb-1-2.src.rpm\n"),
        ("root/buildinfo/content_manifests/a.json", "{\"metadata\": {\"a\": [1]}, \"content_sets\": [\"x\", \"y\"]}"),
        ("opt/jdk/release", "IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.1\"\n"),
        ("app/META-INF/maven/a/b/pom.properties", "groupId=a\nartifactId=b\nversion=1\n"),
        ("app/x-1.0.jar", "PK\u0005\u0006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("nix/var/nix/db/db.sqlite", "SQLite format 3"),
        ("include/node/node_version.h", "#define NODE_MAJOR_VERSION 1\n#define NODE_MINOR_VERSION 2\n#define NODE_PATCH_VERSION 3\n"),
        ("conda-meta/a.json", "{\"name\": \"a\", \"version\": \"1\", \"channel\": \"https://a/t/b/c/d\", \"files\": [\"x\"]}"),
        ("x.dist-info/METADATA", "Name: a\nVersion: 1\nLicense: MIT\nClassifier: License :: x :: y\n\ntext\n"),
        ("a.deps.json", "{\"runtimeTarget\": {\"name\": \"t\"}, \"targets\": {\"t\": {\"a/1\": {\"native\": {\"x\": {}}}}}, "
            + "\"libraries\": {\"a/1\": {\"type\": \"package\"}, \"b/2\": {\"type\": \"package\"}}}"),
        ("vendor/composer/installed.json", "{\"packages\": [{\"name\": \"a/b\", \"version\": \"v1\", \"license\": [\"MIT\", \"x\"], \"a\": {\"b\": [1]}}]}"),
        ("specifications/a-1.0-java.gemspec", "# stub: a 1.0 java lib\ns.name = \"a\".freeze\ns.version = %q{1.0}\ns.licenses = [\"MIT\".freeze, 'x']\n"),
        ("site-library/a/DESCRIPTION", "Package: a\nVersion: 1.0-1\nLicense: MIT\nBuilt: R 4.2.2; ; x; unix\n"),
        ("wp-content/plugins/a/a.php", "<?php /* Plugin Name: a\n * Version: 1.0 */\n// License: MIT ?>\n"),
        ("wp-includes/version.php", "<?php\n$wp_version = '6.1';\n"),
        ("opt/bitnami/a/.spdx-a.spdx", "{\"packages\": [{\"licenseDeclared\": \"MIT\", \"externalRefs\": [{\"referenceLocator\": \"pkg:bitnami/a@1%2B2?arch=x\"}]}]}"),
        ("var/lib/pacman/local/a-1-1/desc", "%NAME%\na\n\n%VERSION%\n1-1\n\n%BASE%\nb\n\n%LICENSE%\nMIT\nx\n"),
        ("var/lib/pacman/local/a-1-1/files", "%FILES%\nusr/\nusr/x.egg-info\n"),
        ("var/lib/chisel/manifest.wall", "(\u00b5/\u00fd"),
        ("usr/lib/opkg/status", "Package: a\nVersion: 1\nStatus: install user installed\n\nPackage: b\nVersion: 2\n"),
        ("usr/lib/opkg/info/a.control", "Package: a\nLicense: MIT\n"),
        ("usr/bin/x", "\u007fELF\u0002\u0001\u0001 node.js/v1.2.3 Go buildinf: .dep-v0"),
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

    // System.Text.Json throws InvalidOperationException when such a name is compared with another.
    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\ud800aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void TakesPropertiesWhoseNamesAreNoUnicode(string name)
    {
        string[] tried = [.. Good.Where(good => good.Text.StartsWith('{')).Select(good => good.Path)];
        foreach ((string path, string text) in Good.Where(good => tried.Contains(good.Path)))
        {
            string withMember = text.Replace("{", $"{{\"{name}\": 1, ", StringComparison.Ordinal).Replace(", }", "}", StringComparison.Ordinal);

            Assert.Equal(ReadAll(path, Encoding.UTF8.GetBytes(text)).Packages, ReadAll(path, Encoding.UTF8.GetBytes(withMember)).Packages);
        }

        Assert.InRange(tried.Length, 6, 100);
    }

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
