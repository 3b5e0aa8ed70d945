using ImageScan.Core.Detectors;

namespace ImageScan.Core.Tests.Detectors;

public sealed class FileFindingsTests
{
    [Fact]
    public void TakesAThousandContentSetsAndSaysThatThereAreMore()
    {
        var findings = new FileFindings("x.json");
        foreach (int i in Enumerable.Range(0, 200_000))
        {
            findings.ContentSet($"repository-{i % 100_000}");
        }

        Assert.Equal(1000, findings.ContentSets.Count);
        Assert.Contains("Only 1000", Assert.Single(findings.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesEachContentSetOnce()
    {
        var findings = new FileFindings("x.json");
        findings.ContentSet("a");
        findings.ContentSet("b");
        findings.ContentSet("a");

        Assert.Equal(["a", "b"], findings.ContentSets);
        Assert.Empty(findings.Warnings);
    }

    [Fact]
    public void SaysThatContentSetsAndLicencesAreMoreThanALayerMayHave()
    {
        var findings = new FileFindings("x", maxPackageCharacters: 5, maxPathCharacters: 5);

        findings.ContentSet("repository");
        findings.License("package", "MIT");

        Assert.Empty(findings.ContentSets);
        Assert.Empty(findings.Licenses);
        Assert.Contains(findings.Warnings, warning => warning.Reason.Contains("LayerPathCharacters", StringComparison.Ordinal));
        Assert.Contains(findings.Warnings, warning => warning.Reason.Contains("LayerPackageCharacters", StringComparison.Ordinal));
    }
}
