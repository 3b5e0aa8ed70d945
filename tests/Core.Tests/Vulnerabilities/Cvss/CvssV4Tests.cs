using System.Text.Json;
using CsCheck;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Cvss;

public sealed class CvssV4Tests
{
    // Scores of the reference calculator: macro vectors' own scores, interpolated ones, threat, environmental and supplemental metrics.
    [Theory]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0f)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", 8.7f)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0f)]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:L/VA:L/SC:L/SI:L/SA:L/E:U", 0.1f)]
    [InlineData("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:P/VC:H/VI:N/VA:L/SC:L/SI:L/SA:H/CR:M/IR:L/AR:M", 4.2f)]
    [InlineData("CVSS:4.0/SA:N/SI:N/SC:N/VA:H/VI:N/VC:N/UI:N/PR:N/AT:N/AC:L/AV:N/AU:Y/U:Red", 8.7f)]
    public void ScoresTheVector(string vector, float score)
    {
        Assert.True(CvssV4.TryScore(vector, out float scored));
        Assert.Equal(score, scored);
    }

    [Fact]
    public void ScoresEverySharedSampleAsTheReferenceDoes()
    {
        using var samples = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "cvss", "v4-samples.json")));

        Assert.All(samples.RootElement.GetProperty("samples").EnumerateArray(), sample =>
        {
            Assert.True(CvssV4.TryScore(sample.GetProperty("vector").GetString(), out float score));
            Assert.Equal(sample.GetProperty("score").GetSingle(), score);
            Assert.Equal(sample.GetProperty("severity").GetString(), CvssV3.SeverityOf(score).ToString());
        });
    }

    [Fact]
    public void HasTheSharedTable()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(SharedData.Path("data", "cvss", "v4.json")));
        var expected = table.RootElement.GetProperty("macro_vectors").EnumerateObject()
            .ToDictionary(row => row.Name, row => row.Value.GetDouble());

        // Digits one beyond the largest are tried too.
        for (int i = 0; i < 4096; i++)
        {
            int[] eq = [.. Enumerable.Range(0, 6).Select(place => (i >> (place * 2)) & 3)];
            double? score = CvssV4MacroVectors.ScoreOf(eq[0], eq[1], eq[2], eq[3], eq[4], eq[5]);
            Assert.Equal(expected.TryGetValue(string.Concat(eq), out double known) ? known : null, score);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("CVSS:4.0/")]
    [InlineData("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A/E:A")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/RL:O")]
    public void RefusesWhatIsNoVector(string? vector) => Assert.False(CvssV4.TryScore(vector, out _));

    [Fact]
    public void ScoresEveryVectorThereIs()
    {
        Gen<string> one = Gen.Select(
            Metrics("AV:N,A,L,P", "AC:L,H", "AT:N,P", "PR:N,L,H", "UI:N,P,A"),
            Metrics("VC:H,L,N", "VI:H,L,N", "VA:H,L,N", "SC:H,L,N", "SI:H,L,N", "SA:H,L,N"),
            Metrics("E:A,P,U,X", "CR:H,M,L,X", "IR:H,M,L,X", "AR:H,M,L,X"),
            Metrics("MAV:N,P,X", "MVC:H,L,N,X", "MVI:H,N,X", "MSC:H,N,X", "MSI:S,H,L,N,X", "MSA:S,N,X"),
            (exploit, impact, threat, modified) => $"CVSS:4.0/{exploit}/{impact}/{threat}/{modified}");

        one.Sample(vector => CvssV4.TryScore(vector, out float score) && score is >= 0 and <= 10, iter: CvssText.Tries);
    }

    [Fact]
    public void ThrowsNothingWhateverTheText() => CvssText.Any.Sample(
        text => CvssV4.TryScore(text, out float score) ? score is >= 0 and <= 10 : score == 0,
        iter: CvssText.Tries);

    private static Gen<string> Metrics(params string[] metrics) => metrics
        .Select(metric => metric.Split(':'))
        .Select(parts => (Name: parts[0], Values: parts[1].Split(',')))
        .Select(metric => Gen.Int[0, metric.Values.Length - 1].Select(i => $"{metric.Name}:{metric.Values[i]}"))
        .Aggregate((all, next) => Gen.Select(all, next, (left, right) => $"{left}/{right}"));
}
