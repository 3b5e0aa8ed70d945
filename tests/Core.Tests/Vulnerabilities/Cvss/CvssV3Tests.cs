using CsCheck;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Vulnerabilities.Cvss;

public sealed class CvssV3Tests
{
    // Worked examples of https://www.first.org/cvss/v3.1/examples, then corners.
    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4f, 3.1f, 2.7f, CvssV3Severity.Medium)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1f, 1.6f, 1.4f, CvssV3Severity.Low)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5f, 3.9f, 3.6f, CvssV3Severity.High)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0f, 3.9f, 6.0f, CvssV3Severity.Critical)]
    [InlineData("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8f, 0.9f, 5.9f, CvssV3Severity.Medium)]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8f, 3.9f, 5.9f, CvssV3Severity.Critical)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H", 9.1f, 2.3f, 6.0f, CvssV3Severity.Critical)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0f, 3.9f, 0.0f, CvssV3Severity.None)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N", 0.0f, 3.9f, 0.0f, CvssV3Severity.None)]
    public void ScoresTheVector(string vector, float score, float exploitability, float impact, CvssV3Severity severity)
    {
        Assert.True(CvssV3.TryParse(vector, out CvssV3? cvss));

        Assert.Equal(
            (vector, score, exploitability, impact, severity),
            (cvss.Vector, cvss.Score, cvss.ExploitabilityScore, cvss.ImpactScore, cvss.Severity));
    }

    // 3.0 and 3.1 round up by different rules, which part only for temporal and environmental scores.
    [Fact]
    public void ScoresEveryBaseVectorAlikeIn30And31()
    {
        string[] vectors = [.. Combinations("AV:NALP", "AC:LH", "PR:NLH", "UI:NR", "S:UC", "C:NLH", "I:NLH", "A:NLH")];
        Assert.Equal(2592, vectors.Length);

        Assert.All(vectors, vector =>
        {
            Assert.True(CvssV3.TryParse("CVSS:3.0" + vector, out CvssV3? v30));
            Assert.True(CvssV3.TryParse("CVSS:3.1" + vector, out CvssV3? v31));
            Assert.Equal(v30.Score, v31.Score);
            Assert.InRange(v31.Score, 0f, 10f);
        });
    }

    [Fact]
    public void TellsEveryMetric()
    {
        Assert.True(CvssV3.TryParse("CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:C/C:L/I:H/A:N", out CvssV3? cvss));

        Assert.Equal(CvssV3AttackVector.Physical, cvss.AttackVector);
        Assert.Equal(CvssV3AttackComplexity.High, cvss.AttackComplexity);
        Assert.Equal(CvssV3Privileges.Low, cvss.PrivilegesRequired);
        Assert.Equal(CvssV3UserInteraction.Required, cvss.UserInteraction);
        Assert.Equal(CvssV3Scope.Changed, cvss.Scope);
        Assert.Equal(CvssV3Impact.Low, cvss.Confidentiality);
        Assert.Equal(CvssV3Impact.High, cvss.Integrity);
        Assert.Equal(CvssV3Impact.None, cvss.Availability);
    }

    [Theory]
    [InlineData("CVSS:3.1/A:N/I:N/C:H/S:U/UI:N/PR:N/AC:L/AV:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:U/RL:O/RC:U")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/CR:L/MAV:L/MC:N/MS:X")]
    public void ScoresTheBaseWhateverElseIsSaid(string vector)
    {
        Assert.True(CvssV3.TryParse(vector, out CvssV3? cvss));
        Assert.Equal(7.5f, cvss.Score);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("CVSS:3.1")]
    [InlineData("CVSS:3.1/")]
    [InlineData("CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    [InlineData("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N")]
    [InlineData("CVSS:3.1/AV:N/AC:M/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/AV:N")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/AT:N")]
    [InlineData("CVSS:3.1//AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    public void RefusesWhatIsNoVector(string? vector) => Assert.False(CvssV3.TryParse(vector, out _));

    [Theory]
    [InlineData(0f, CvssV3Severity.None)]
    [InlineData(0.1f, CvssV3Severity.Low)]
    [InlineData(3.9f, CvssV3Severity.Low)]
    [InlineData(4.0f, CvssV3Severity.Medium)]
    [InlineData(6.9f, CvssV3Severity.Medium)]
    [InlineData(7.0f, CvssV3Severity.High)]
    [InlineData(8.9f, CvssV3Severity.High)]
    [InlineData(9.0f, CvssV3Severity.Critical)]
    [InlineData(10.0f, CvssV3Severity.Critical)]
    public void PutsAScoreInItsBand(float score, CvssV3Severity severity) => Assert.Equal(severity, CvssV3.SeverityOf(score));

    [Fact]
    public void ThrowsNothingWhateverTheText() => CvssText.Any.Sample(
        text => CvssV3.TryParse(text, out CvssV3? cvss) ? cvss.Score is >= 0 and <= 10 : cvss is null,
        iter: CvssText.Tries);

    private static IEnumerable<string> Combinations(params string[] metrics) => metrics
        .Select(metric => metric.Split(':'))
        .Aggregate(
            (IEnumerable<string>)[""],
            (all, metric) => all.SelectMany(left => metric[1].Select(value => $"{left}/{metric[0]}:{value}")));
}
