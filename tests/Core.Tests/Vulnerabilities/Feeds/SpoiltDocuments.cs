using CsCheck;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>Good documents with bytes changed, cut out or put in.</summary>
internal static class SpoiltDocuments
{
    // What means something in JSON, CSV, YAML and zips.
    private static readonly byte[] Signs = [.. "{}[]\",:-#&*!|<\n 019\0\u007f"u8];

    /// <summary>Reads them; fails if a feed throws anything but what <see cref="IAdvisoryFeed.ReadAsync"/> says.</summary>
    public static Task ReadAsync(IAdvisoryFeed feed, string path, byte[] good, int iter = 300) =>
        Gen.Select(
            Gen.Select(Gen.Int[0, good.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(Signs))).Array[1, 6],
            Gen.Int[0, good.Length],
            Gen.Int[0, 40]).SampleAsync(
            async spoiling =>
            {
                (var changes, int cutAt, int cut) = spoiling;
                byte[] document = [.. good];
                foreach (var (at, value) in changes)
                {
                    document[at] = value;
                }

                await ReadAsync(feed, path, [.. document[..cutAt], .. document[Math.Min(cutAt + cut, document.Length)..]]);
            },
            iter);

    private static async Task ReadAsync(IAdvisoryFeed feed, string path, byte[] document)
    {
        try
        {
            await FeedReading.OfAsync(feed, path, document);
        }
        catch (Exception broken) when (broken is FeedException or IOException or InvalidDataException)
        {
            // What it may throw.
        }
    }
}
