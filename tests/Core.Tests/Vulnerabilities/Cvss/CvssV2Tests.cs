using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Vulnerabilities.Cvss;

public sealed class CvssV2Tests
{
    // The three worked examples of section 3.3 of the guide, then corners.
    [Theory]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8f, 10.0f, 6.9f, CvssV2Severity.High)]
    [InlineData("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0f, 10.0f, 10.0f, CvssV2Severity.High)]
    [InlineData("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2f, 1.9f, 10.0f, CvssV2Severity.Medium)]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:N", 0.0f, 10.0f, 0.0f, CvssV2Severity.Low)]
    [InlineData("AV:N/AC:M/Au:N/C:N/I:P/A:N", 4.3f, 8.6f, 2.9f, CvssV2Severity.Medium)]
    [InlineData("AV:L/AC:M/Au:S/C:P/I:N/A:N", 1.5f, 2.7f, 2.9f, CvssV2Severity.Low)]
    public void ScoresTheVector(string vector, float score, float exploitability, float impact, CvssV2Severity severity)
    {
        Assert.True(CvssV2.TryParse(vector, out CvssV2? cvss));

        Assert.Equal(
            (vector, score, exploitability, impact, severity),
            (cvss.Vector, cvss.Score, cvss.ExploitabilityScore, cvss.ImpactScore, cvss.Severity));
    }

    [Fact]
    public void TellsEveryMetric()
    {
        Assert.True(CvssV2.TryParse("AV:A/AC:M/Au:S/C:P/I:C/A:N", out CvssV2? cvss));

        Assert.Equal(CvssV2AttackVector.Adjacent, cvss.AttackVector);
        Assert.Equal(CvssV2AccessComplexity.Medium, cvss.AccessComplexity);
        Assert.Equal(CvssV2Authentication.Single, cvss.Authentication);
        Assert.Equal(CvssV2Impact.Partial, cvss.Confidentiality);
        Assert.Equal(CvssV2Impact.Complete, cvss.Integrity);
        Assert.Equal(CvssV2Impact.None, cvss.Availability);
    }

    [Theory]
    [InlineData("(AV:N/AC:L/Au:N/C:N/I:N/A:C)")]
    [InlineData("A:C/I:N/C:N/Au:N/AC:L/AV:N")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:POC/CDP:H/TD:H/CR:M/IR:M/AR:H")]
    public void ScoresTheBaseWhateverElseIsSaid(string vector)
    {
        Assert.True(CvssV2.TryParse(vector, out CvssV2? cvss));
        Assert.Equal(7.8f, cvss.Score);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:X")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C/")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C/A:C")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C/ZZ:N")]
    [InlineData("av:n/ac:l/au:n/c:n/i:n/a:c")]
    [InlineData("AV:N/AC:L/Au:N/C:N/I:N/A:C ")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    public void RefusesWhatIsNoVector(string? vector) => Assert.False(CvssV2.TryParse(vector, out _));

    [Fact]
    public void ThrowsNothingWhateverTheText() => CvssText.Any.Sample(
        text => CvssV2.TryParse(text, out CvssV2? cvss) ? cvss.Score is >= 0 and <= 10 : cvss is null,
        iter: CvssText.Tries);
}
