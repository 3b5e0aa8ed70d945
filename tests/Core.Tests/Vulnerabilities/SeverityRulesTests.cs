using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class SeverityRulesTests
{
    // 9.8, 7.5 and 5.3.
    private const string Critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    private const string High = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
    private const string Medium = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";

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

        Assert.Equal(severity, SeverityRules.Of(OsvEcosystem.Parse(ecosystem), "low", new CvssScores(v3, null, null), null));
    }

    [Theory]
    // Each vendor's words as https://quay.github.io/claircore/concepts/severity_mapping.html lists them, and those of vendors that it does not read.
    [InlineData("AlmaLinux:9", "Important", Severity.Important)]
    [InlineData("AlmaLinux:9", "None", Severity.Unknown)]
    [InlineData("Alpine:v3.20", "high", Severity.Unknown)]
    [InlineData("Amazon Linux:2023", "low", Severity.Low)]
    [InlineData("Amazon Linux:2023", "medium", Severity.Moderate)]
    [InlineData("Amazon Linux:2", "important", Severity.Important)]
    [InlineData("Amazon Linux:1", "critical", Severity.Critical)]
    [InlineData("Azure Linux:3", "Low", Severity.Low)]
    [InlineData("Azure Linux:3", "Medium", Severity.Moderate)]
    [InlineData("Azure Linux:3", "High", Severity.Important)]
    [InlineData("Azure Linux:3", "Critical", Severity.Critical)]
    [InlineData("Debian:12", "unimportant", Severity.Low)]
    [InlineData("Debian:12", "low", Severity.Moderate)]
    [InlineData("Debian:12", "medium", Severity.Important)]
    [InlineData("Debian:12", "high", Severity.Critical)]
    [InlineData("Debian:12", "not yet assigned", Severity.Unknown)]
    [InlineData("Debian:12", "end-of-life", Severity.Unknown)]
    [InlineData("Oracle Linux:9", "N/A", Severity.Unknown)]
    [InlineData("Oracle Linux:9", "LOW", Severity.Low)]
    [InlineData("Oracle Linux:9", "MODERATE", Severity.Moderate)]
    [InlineData("Oracle Linux:9", "IMPORTANT", Severity.Important)]
    [InlineData("Oracle Linux:9", "CRITICAL", Severity.Critical)]
    [InlineData("Photon OS:5.0", "Moderate", Severity.Moderate)]
    [InlineData("Red Hat:enterprise_linux:9::baseos", "none", Severity.Unknown)]
    [InlineData("Red Hat:enterprise_linux:9::baseos", "Moderate", Severity.Moderate)]
    [InlineData("Rocky Linux:9", "Important", Severity.Important)]
    [InlineData("SUSE:Linux Enterprise Server 15 SP5", "None", Severity.Unknown)]
    [InlineData("SUSE:Linux Enterprise Server 15 SP5", "important", Severity.Important)]
    [InlineData("openSUSE:Leap 15.6", "moderate", Severity.Moderate)]
    [InlineData("Ubuntu:22.04:LTS", " Negligible ", Severity.Low)]
    [InlineData("Ubuntu:22.04:LTS", "untriaged", Severity.Unknown)]
    [InlineData("Ubuntu:Pro:18.04:LTS", "medium", Severity.Moderate)]
    [InlineData("Ubuntu:22.04:LTS", "high", Severity.Important)]
    [InlineData("npm", "MODERATE", Severity.Moderate)]
    [InlineData("npm", "none", Severity.Low)]
    [InlineData("npm", null, Severity.Unknown)]
    public void ReadsTheVendorsWordsOfAnyRelease(string ecosystem, string? word, Severity severity) =>
        Assert.Equal(severity, SeverityRules.OfWord(OsvEcosystem.Parse(ecosystem), word));

    [Fact]
    public void TheVendorsScoreComesBeforeNvdsAndNvdsBeforeTheCveRecords()
    {
        var distribution = new OsvEcosystem("Rocky Linux", "9");
        var cve = new CveMetadata { Id = "CVE-2024-1", Scores = V3(Critical), NvdScores = V3(High) };

        Assert.Equal(Severity.Moderate, SeverityRules.Of(distribution, "None", V3(Medium), cve));
        Assert.Equal(Severity.Important, SeverityRules.Of(distribution, "None", default, cve));
        Assert.Equal(Severity.Critical, SeverityRules.Of(distribution, "None", default, cve with { NvdScores = default }));
        Assert.Equal(Severity.Unknown, SeverityRules.Of(distribution, "None", default, null));
    }

    [Fact]
    public void ShowsTheScoresOfOneSource()
    {
        var cve = new CveMetadata { Id = "CVE-2024-1", Scores = V3(Critical), NvdScores = V3(High) };
        Assert.True(CvssV2.TryParse("AV:N/AC:L/Au:N/C:P/I:P/A:P", out var v2));
        var old = new CvssScores(null, v2, null);

        Assert.Equal(new ScoreView(old, ScoreSource.Advisory), SeverityRules.Shown(old, cve));
        Assert.Equal(new ScoreView(V3(High), ScoreSource.Nvd), SeverityRules.Shown(default, cve));
        Assert.Equal(new ScoreView(V3(Critical), ScoreSource.CveRecord), SeverityRules.Shown(default, cve with { NvdScores = default }));
        Assert.Equal(default, SeverityRules.Shown(default, null));
    }

    [Fact]
    public void AVersion4VectorAloneGivesTheSeverityButNoScoreToShow()
    {
        var cve = new CveMetadata { Id = "CVE-2024-1", NvdScores = V3(High) };
        var own = new CvssScores(null, null, 9.3f);

        Assert.Equal(Severity.Critical, SeverityRules.Of(new OsvEcosystem("npm", ""), null, own, cve));
        Assert.Equal(new ScoreView(V3(High), ScoreSource.Nvd), SeverityRules.Shown(own, cve));
    }

    private static CvssScores V3(string vector) => new(CvssV3.TryParse(vector, out var v3) ? v3 : throw new ArgumentException(vector), null, null);
}
