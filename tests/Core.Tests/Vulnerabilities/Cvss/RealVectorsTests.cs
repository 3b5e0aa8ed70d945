using System.IO.Compression;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Cvss;

/// <summary>The formulas against the scores that 39,440 real entries state beside their vectors. 375 differ, all for known reasons.</summary>
public sealed class RealVectorsTests
{
    // The stated score belongs to another vector: neither this one's base nor, where it could be, its temporal score. The three of
    // CVSS 4.0 are an older calculator's rounding of 5.65 and 5.05 (24552, 8642) and a plain slip (38863).
    private static readonly string[] WronglyStated =
    [
        "CVE-2022-46647", "CVE-2023-36860", "CVE-2023-3932", "CVE-2023-44154",
        "CVE-2024-0095", "CVE-2024-20275", "CVE-2024-20848", "CVE-2024-24552",
        "CVE-2024-28568", "CVE-2024-28575", "CVE-2024-36989", "CVE-2024-36995",
        "CVE-2024-36997", "CVE-2024-38863", "CVE-2024-46902", "CVE-2024-8642",
    ];

    [Fact]
    public void ScoreAsTheirAuthorsSayButForTheKnownSlips()
    {
        Stated[] all = [.. ReadAll()];
        Stated[] different = [.. all.Where(one => one.Score != ScoreOf(one.Vector))];

        Assert.Equal((39_440, 375), (all.Length, different.Length));

        // Fortinet above all states the temporal score where a base score belongs.
        Assert.Equal(250, different.Count(GivesTemporalMetrics));

        // GitHub's calculator took the impact of 3.1's environmental formula: a tenth off where the scope changes.
        Assert.Equal(109, different.Count(IsATenthOffAtGitHub));
        Assert.Equal(
            WronglyStated,
            different.Where(one => !GivesTemporalMetrics(one) && !IsATenthOffAtGitHub(one))
                .Select(one => one.Cve)
                .Order(StringComparer.Ordinal));
    }

    private static bool GivesTemporalMetrics(Stated one) => one.Vector.Contains("/E:", StringComparison.Ordinal);

    private static bool IsATenthOffAtGitHub(Stated one) =>
        one.Source == "GitHub_M"
        && one.Vector.Contains("/S:C/", StringComparison.Ordinal)
        && Math.Abs(one.Score - ScoreOf(one.Vector)!.Value) < 0.15
        && !GivesTemporalMetrics(one);

    private static float? ScoreOf(string vector) =>
        CvssV3.TryParse(vector, out CvssV3? v3) ? v3.Score
        : CvssV2.TryParse(vector, out CvssV2? v2) ? v2.Score
        : CvssV4.TryScore(vector, out float v4) ? v4
        : null;

    private static IEnumerable<Stated> ReadAll()
    {
        using Stream file = File.OpenRead(SharedData.Path("data", "advisories", "cve-metadata.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var cve = JsonDocument.Parse(line);
            string id = cve.RootElement.GetProperty("id").GetString()!;
            foreach (JsonElement one in cve.RootElement.GetProperty("cvss").EnumerateArray())
            {
                yield return new Stated(id, one[1].GetString()!, one[2].GetSingle(), one[3].GetString()!);
            }
        }
    }

    private sealed record Stated(string Cve, string Vector, float Score, string Source);
}
