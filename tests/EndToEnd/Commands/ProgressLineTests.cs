using ImageScan.Core.Scans;
using ImageScan.Local.Output;

namespace ImageScan.EndToEnd.Commands;

public sealed class ProgressLineTests
{
    private static readonly ScanProgress Resolving = new("resolving");
    private static readonly ScanProgress Matching = new("matching", 1, 1);

    [Fact]
    public void SumsUpWhatWasRead()
    {
        ScanProgress[] reports = [Resolving, Reading(done: 0, bytes: 1 << 20), Reading(done: 1, bytes: 3 << 20), Matching];

        Assert.Equal("Done in 1.5 s: 1 layer, 3.0 MiB read.", DoneText(reports));
    }

    [Fact]
    public void SumsUpWhatNeededNoReading()
    {
        Assert.Equal("Done in 1.5 s: 1 layer, 0.0 MiB read.", DoneText(Resolving, Matching));
        Assert.Equal("Done in 1.5 s.", DoneText(Resolving));
    }

    [Fact]
    public void SaysHowFarTheReadingIs() =>
        Assert.Equal("reading, 1 of 2 layers, 1.0 of 3.0 MiB", ProgressLine.TextOf(Reading(done: 1, bytes: 1 << 20) with { Layers = 2 }));

    private static ScanProgress Reading(int done, long bytes) => new("reading", done, 1, bytes, 3 << 20);

    private static string DoneText(params ScanProgress[] reports) =>
        ProgressLine.DoneText(reports.Aggregate((ScanProgress?)null, ProgressLine.MostTelling), TimeSpan.FromSeconds(1.5));
}
