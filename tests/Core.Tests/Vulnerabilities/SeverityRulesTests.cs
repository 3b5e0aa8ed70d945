using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class SeverityRulesTests
{
    [Theory]
    [InlineData("Amazon Linux:2", Severity.Low)]
    [InlineData("Debian:12", Severity.Moderate)]
    [InlineData("DHI", Severity.Low)]
    [InlineData("Docker Hardened Images", Severity.Low)]
    [InlineData("Oracle Linux:9", Severity.Low)]
    [InlineData("Root:Debian:12", Severity.Low)]
    [InlineData("Ubuntu:22.04:LTS", Severity.Low)]
    [InlineData("npm", Severity.Critical)]
    [InlineData("PyPI", Severity.Critical)]
    public void ADistributionsWordComesBeforeItsScoreAndALibrarysAfter(string ecosystem, Severity severity)
    {
        Assert.True(CvssV3.TryParse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", out var v3));

        Assert.Equal(severity, SeverityRules.Of(OsvEcosystem.Parse(ecosystem), "low", new CvssScores(v3, null, null), default));
    }

    [Theory]
    [InlineData("Alpine:v3.20", "high", Severity.Unknown)]
    [InlineData("Debian:12", "unimportant", Severity.Low)]
    [InlineData("Debian:12", "not yet assigned", Severity.Unknown)]
    [InlineData("Red Hat:9", "none", Severity.Unknown)]
    [InlineData("Ubuntu:22.04:LTS", " Negligible ", Severity.Low)]
    [InlineData("npm", null, Severity.Unknown)]
    public void ReadsTheVendorsWordsOfAnyRelease(string ecosystem, string? word, Severity severity) =>
        Assert.Equal(severity, SeverityRules.OfWord(OsvEcosystem.Parse(ecosystem), word));
}
