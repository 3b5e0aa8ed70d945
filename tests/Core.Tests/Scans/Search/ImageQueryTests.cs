using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Scans.Search;

public sealed class ImageQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly ListedImage[] Images =
    [
        Image("docker.io/library/nginx:1.27", 1),
        Image("docker.io/library/nginx:latest", 2) with { OtherNames = ["quay.io/mirror/nginx:stable"] },
        Image("ghcr.io/owner/app:1", 3),
    ];

    [Theory]
    [InlineData("", "1 2 3")]
    [InlineData("  ", "1 2 3")]
    [InlineData("Image:docker.io/library/nginx", "1 2")]
    [InlineData("image:DOCKER.io/library/nginx:1.27", "1")]
    [InlineData("Image:\"docker.io/library/nginx\"", "")]
    [InlineData("Image:\"docker.io/library/nginx:latest\"", "2")]
    [InlineData("Image:\"docker.io/library/NGINX:latest\"", "")]
    [InlineData("Image:ghcr.io,docker.io/library/nginx:latest", "2 3")]
    [InlineData("Image:r/LIBRARY.*27$", "1")]
    [InlineData("Image:!docker.io", "2 3")]
    [InlineData("Image:!r/nginx", "3")]
    [InlineData("Image:!\"ghcr.io/owner/app:1\"", "1 2")]
    [InlineData("Image:*", "1 2 3")]
    [InlineData("Image:-", "")]
    [InlineData("Image Registry:quay.io", "2")]
    [InlineData("Image Registry:quay.io+Image Tag:stable", "2")]
    [InlineData("Image Registry:quay.io+Image Tag:latest", "")]
    [InlineData("Image Remote:library/nginx+Image Tag:1", "1")]
    [InlineData("Image Sha:sha256:0", "1 2 3")]
    [InlineData("Image Sha:\"sha256:02\"", "2")]
    [InlineData("Image OS:debian:1", "1 2 3")]
    [InlineData("Component Count:2", "2")]
    [InlineData("Image CVE Count:>=20", "2 3")]
    [InlineData("Image CVE Count:>20,<=10", "1 3")]
    [InlineData("Image CVE Count:10-30", "2")]
    [InlineData("Fixable CVE Count:== 3", "3")]
    [InlineData("Image Top CVSS:>7.1", "2 3")]
    [InlineData("Image Top CVSS:7.1", "1")]
    [InlineData("Image Risk Score:<2", "1")]
    [InlineData("Image Created Time:03/30/2026", "1")]
    [InlineData("Image Created Time:03/28/2026 3:00 PM", "2")]
    [InlineData("Image Created Time:>03/28/2026 11:59:59 PM UTC", "1 2")]
    [InlineData("Image Created Time:>1d", "2 3")]
    [InlineData("Image Created Time:<2d", "1")]
    [InlineData("Image Created Time:0d-3d", "1 2")]
    [InlineData("Last Updated:tr/1774872000000-1774958400001", "1")]
    [InlineData("Severity:CRITICAL", "3")]
    [InlineData("Severity:low,moderate", "1 2")]
    [InlineData("Severity:>=MODERATE", "2 3")]
    [InlineData("Severity:!LOW", "2 3")]
    [InlineData("Severity:\"critical_vulnerability_severity\"", "3")]
    [InlineData("Severity:nonsense", "")]
    [InlineData("Fixable:true", "3")]
    [InlineData("Fixable:F", "1 2")]
    [InlineData("CVSS:>7.5", "2 3")]
    [InlineData("CVSS:7.1+Severity:LOW+Fixable:false", "1")]
    [InlineData("CVSS:7.1+Severity:CRITICAL", "")]
    [InlineData("CVE:*", "1 2 3")]
    public void FindsImages(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', Images.Where(ImageQuery.Parse(query, Now).Fits).Select(image => image.Summary.Components)));

    [Theory]
    [InlineData("nginx", "is not FIELD:VALUE")]
    [InlineData("Image:", "is not FIELD:VALUE")]
    [InlineData(":x", "is not FIELD:VALUE")]
    [InlineData("Deployment:a", "images are not searched by \"Deployment\", only by Image, Image Registry,")]
    [InlineData("Image:a+image:b", "\"Image\" is there twice")]
    [InlineData("CVSS:!7", "modifiers not supported for numeric query")]
    [InlineData("CVSS:9-7", "invalid range 9-7 (first value must be strictly less than the second)")]
    [InlineData("CVSS:1e99", "strconv.ParseFloat: parsing \"1e99\"")]
    [InlineData("CVSS:", "is not FIELD:VALUE")]
    [InlineData("Fixable:perhaps", "strconv.ParseBool: parsing \"perhaps\"")]
    [InlineData("Fixable:\"true\"", "modifiers for bool query not allowed")]
    [InlineData("Severity:!r/.*", "could not find corresponding enum")]
    [InlineData("Last Updated:yesterday", "invalid time query")]
    [InlineData("Last Updated:tr/1-x", "malformed time range")]
    [InlineData("Last Updated:tr/1-99999999999999999", "malformed time range")]
    [InlineData("Last Updated:3d-1d", "invalid range 3d-1d")]
    [InlineData("Image:r/(?=a)", "invalid regexp")]
    [InlineData("Image:r/(", "invalid regexp")]
    [InlineData("Image:r/((a{500}){500}){500}", "invalid regexp")]
    [InlineData("CVE:r/2024", "a CVE or a component is searched by what it begins with")]
    [InlineData("CVE:!CVE-1", "a CVE or a component is searched by what it begins with")]
    [InlineData("Component:r/ssl", "a CVE or a component is searched by what it begins with")]
    [InlineData("Component Version:1", "a CVE or a component is searched by what it begins with")]
    public void RefusesWhatItCannotSearch(string query, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageQueryException>(() => ImageQuery.Parse(query, Now)).Message, StringComparison.Ordinal);

    [Fact]
    public void RefusesWhatIsTooLong()
    {
        Assert.Throws<ImageQueryException>(() => ImageQuery.Parse($"Image:{new string('a', 20_000)}", Now));
        Assert.Throws<ImageQueryException>(() => ImageQuery.Parse($"Image:{string.Join(',', Enumerable.Repeat("a", 1_001))}", Now));
        Assert.Throws<ImageQueryException>(() => ImageQuery.Parse($"Image:r/{new string('a', 1_001)}", Now));
    }

    [Fact]
    public void MatchesAHostilePatternInLinearTime()
    {
        var query = ImageQuery.Parse("Image:r/^(a+)+$", Now);

        Assert.False(query.Fits(Image($"{new string('a', 5_000)}!", 1)));
    }

    // Any text at all is a query or refused.
    [Fact]
    public void ReadsAnyText()
    {
        var random = new Random(20261126);
        string[] parts = ["Image", "CVE", "Severity", "Fixable", "CVSS", "Last Updated", ":", "+", ",", "\"", "!", "r/", ">=", "<", "-", "*", "1", "d", " ", "(", "[a", "\\", "tr/", "CRITICAL", "\u0000", "💥", "1e"];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                ImageQuery query = ImageQuery.Parse(text, Now);
                _ = Images.Count(query.Fits);
            }
            catch (ImageQueryException)
            {
            }
        }
    }

    private static ListedImage Image(string name, int number) => new(
        $"sha256:0{number}",
        name,
        new ScanSummary(number, number * 10, number, 7 + (number / 10f), number)
        {
            Kinds = FindingKinds.Of([MadeScan.Finding($"CVE-{number}", number == 3 ? Severity.Critical : (Severity)number) with
            {
                FixedBy = number == 3 ? "1" : null,
                CvssV3 = new CvssV3("", number == 1 ? 7.1f : 7.5f + number, 0, 0),
            }]),
        },
        Now.AddDays(-number),
        Now.AddDays(-number).AddHours(12))
    {
        OperatingSystem = "debian:12",
    };
}
