using System.Text.Json;
using ImageScan.Local.Output;

namespace ImageScan.EndToEnd.Commands;

public sealed class ScannedImageTests
{
    [Theory]
    [InlineData("imagescan 0.1.0, advisories up to 2026-11-20 (1 days old)", "[]", "")]
    [InlineData("imagescan 0.1.0, starter set of advisories up to 2026-11-20 (1 days old)", "[]", "starter set")]
    [InlineData("imagescan 0.1.0, advisories up to 2026-11-20 (1 days old)", """["OS_CVES_STALE"]""", "end of life")]
    [InlineData("imagescan 0.1.0, advisories up to 2026-11-20 (1 days old)", """["PARTIAL_SCAN_DATA"]""", "notes and warnings")]
    public void TellsOfAnAnswerWhatMayBeMissing(string scanner, string notes, string expected)
    {
        using JsonDocument answer = JsonDocument.Parse($$"""
            {"id":"sha256:00","name":null,"scan":{"operatingSystem":"debian:12","components":[],"scannerVersion":"{{scanner}}","notes":{{notes}}} }
            """);

        string gaps = string.Join("; ", ScannedImage.Of(answer.RootElement).Gaps());

        Assert.Equal(expected.Length == 0, gaps.Length == 0);
        Assert.Contains(expected, gaps, StringComparison.Ordinal);
    }
}
