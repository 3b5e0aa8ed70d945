using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Dpkg;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Dpkg;

public sealed class DpkgCopyrightDetectorTests
{
    private const string Path = "usr/share/doc/x/copyright";

    private readonly DpkgCopyrightDetector _detector = new();

    [Fact]
    public void ReadsTheFieldsOfAMachineReadableFile()
    {
        FileFindings found = Detection.ReadTestData(_detector, "usr/share/doc/bash/copyright", "debian-12-bash-copyright");

        Assert.Equal(
            [
                new LicenseClaim(
                    "bash",
                    "GPL-3+ AND GPL-3+ with Bison exception AND GPL-2+ AND GFDL-NIV-1.3 AND Latex2e AND BSD-4-clause-UC AND MIT-like AND permissive"),
            ],
            found.Licenses);
    }

    [Fact]
    public void ReadsTheReferencesInProse()
    {
        FileFindings found = Detection.ReadTestData(_detector, "usr/share/doc/libc6/copyright", "debian-12-libc6-copyright");

        Assert.Equal([new LicenseClaim("libc6", "LGPL-2.1 AND GPL-2")], found.Licenses);
    }

    [Theory]
    [InlineData("GPL-2+", "GPL-2+")]
    [InlineData("GPL-1+ or Artistic", "GPL-1+ OR Artistic")]
    [InlineData("GPL-1+ or Artistic, and BSD-3-clause", "(GPL-1+ OR Artistic) AND BSD-3-clause")]
    [InlineData("Expat and GPL-2+ or LGPL-2", "Expat AND GPL-2+ OR LGPL-2")]
    [InlineData("public-domain, as its author says", "public-domain, as its author says")]
    public void WritesWhatJoinsLicencesAsSpdxDoes(string license, string expected) =>
        Assert.Equal(expected, LicenseOf($"Format: x\n\nFiles: *\nLicense: {license}\n"));

    [Theory]
    [InlineData("Format: x\n\nFiles: *\nLicense: A or B\n\nFiles: y\nLicense: C\n\nLicense: D\n text\n", "(A OR B) AND C")]
    [InlineData("Format: x\n\nLicense: MIT\nFiles: *\n", "MIT")]
    [InlineData("format: x\nlicense: MIT\n\nLicense: D\n text\n", "MIT")]
    [InlineData("Format: x\n\nFiles: *\nLicense:\n see /usr/share/common-licenses/GPL-3.\n", "GPL-3")]
    [InlineData("License: MIT\n\nFiles: *\nLicense: MIT\n", null)]
    [InlineData("Format: x\n\nFiles-Excluded: *\nLicense: D\n", null)]
    [InlineData("Its licence is /usr/share/common-licenses/Apache-2.0, or /usr/share/common-licenses/GPL-2.\n", "Apache-2.0 AND GPL-2")]
    [InlineData("/usr/share/common-licenses/\n", null)]
    [InlineData("", null)]
    public void TakesWhatIsSaidOfFilesBeforeAllElse(string text, string? license) => Assert.Equal(license, LicenseOf(text));

    [Fact]
    public void TakesNoMoreThanTenLicences()
    {
        string text = $"Format: x\n\n{string.Concat(Enumerable.Range(0, 50).Select(i => $"Files: {i}\nLicense: L{i}\n\n"))}";

        Assert.Equal(string.Join(" AND ", Enumerable.Range(0, 10).Select(i => $"L{i}")), LicenseOf(text));
    }

    [Fact]
    public void PassesOverAFileThatIsTooLarge()
    {
        var findings = new FileFindings(Path);

        _detector.Read(new LayerEntry(Path, LayerEntryKind.File, 5 << 20), new MemoryStream("/usr/share/common-licenses/GPL-2"u8.ToArray()), findings);

        Assert.Empty(findings.Licenses);
        Assert.Empty(findings.Warnings);
    }

    [Theory]
    [InlineData("usr/share/doc/libstdc++6/copyright", true)]
    [InlineData("usr/share/doc/copyright", false)]
    [InlineData("usr/share/doc//copyright", false)]
    [InlineData("usr/share/doc/a/b/copyright", false)]
    [InlineData("usr/share/doc/a/copyright.gz", false)]
    [InlineData("opt/usr/share/doc/a/copyright", false)]
    public void WantsTheFileOfEachPackage(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));

    private string? LicenseOf(string text) => Detection.Read(_detector, Path, text).Licenses.SingleOrDefault()?.License;
}
