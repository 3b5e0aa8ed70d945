using System.Text;
using CsCheck;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Reports;

public sealed class IgnoreFileTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ReadsIdsCommentsAndEnds()
    {
        IgnoreFile read = Read(
            """
            # accepted by the team

              CVE-2026-1   # a false alarm
            CVE-2026-2 exp:2027-02-01
            CVE-2026-3 exp:2027-01-31
            GHSA-aaaa-bbbb-cccc exp:2027-02-01 # until the release
            """);

        Assert.Equal(["CVE-2026-1", "CVE-2026-2", "GHSA-aaaa-bbbb-cccc"], read.IdsAt(Now));
        Assert.Empty(read.Warnings);
    }

    // Trivy holds the day's beginning against the clock, so the day itself is over already.
    [Fact]
    public void EndsWithTheBeginningOfTheDay()
    {
        IgnoreFile read = Read("CVE-2026-1 exp:2027-01-31");

        Assert.True(read.Names("CVE-2026-1", new DateTimeOffset(2027, 1, 30, 23, 59, 59, TimeSpan.Zero)));
        Assert.False(read.Names("CVE-2026-1", new DateTimeOffset(2027, 1, 31, 0, 0, 1, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("CVE-2026-1 exp:soon", "Line 1 is not used: soon is no day such as 2027-01-31.")]
    [InlineData("CVE-2026-1 exp:2027-02-30", "Line 1 is not used: 2027-02-30 is no day such as 2027-01-31.")]
    [InlineData("\nCVE-\u001b[31m", "Line 2 names no id: CVE-?[31m")]
    public void SaysWhichLinesItDoesNotUse(string text, string warning)
    {
        IgnoreFile read = Read(text);

        Assert.Empty(read.IdsAt(Now));
        Assert.Equal([warning], read.Warnings);
    }

    [Fact]
    public void OfTwoLinesAboutOneIdTheLongerHolds() =>
        Assert.True(Read("cve-2026-1\nCVE-2026-1 exp:2020-01-01").Names("CVE-2026-1", Now));

    [Fact]
    public void ReadsFilesOfWindows() => Assert.Equal(["CVE-2026-1", "CVE-2026-2"], Read("\ufeffCVE-2026-1\r\nCVE-2026-2\r\n").IdsAt(Now));

    [Fact]
    public void MarksFindingsByAnyOfTheirIds()
    {
        var report = ImageReport.Of(
            MadeScan.Of(MadeScan.Package(
                "openssl",
                "1",
                MadeScan.Finding("CVE-2026-1", Severity.Low),
                MadeScan.Finding("CVE-2026-2", Severity.Low) with { Aliases = ["GHSA-aaaa-bbbb-cccc"] },
                MadeScan.Finding("CVE-2026-3", Severity.Low))),
            MadeScan.Reference());

        ImageReport marked = Read("cve-2026-1 # known\nGHSA-AAAA-BBBB-CCCC\nCVE-2026-30").Apply(report, Now);

        Assert.Equal(
            ["CVE-2026-1 ignored: known", "CVE-2026-2 ignored", "CVE-2026-3 "],
            marked.Findings.Select(reported => $"{reported.Finding.Cve} {reported.Decision?.Sentence}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RefusesWhatIsTooLargeOrNoText()
    {
        Assert.Throws<FormatException>(() => IgnoreFile.Read(new MemoryStream(new byte[IgnoreFile.MaxBytes + 1])));
        Assert.Throws<FormatException>(() => IgnoreFile.Read(new MemoryStream([0xff, 0xfe, 0x00])));
    }

    [Fact]
    public void TakesAnyBytesOrRefusesThem() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            IgnoreFile read = IgnoreFile.Read(new MemoryStream(bytes));
            Assert.All(read.IdsAt(Now), id => Assert.DoesNotContain(id, char.IsControl));
        }
        catch (FormatException)
        {
            // As it says.
        }
    });

    private static IgnoreFile Read(string text) => IgnoreFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
