using System.Text;
using CsCheck;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>Good documents with bytes changed, cut out or put in, and with strange values in the place of texts.</summary>
internal static class SpoiltDocuments
{
    // What means something in JSON, CSV, YAML, XML and zips.
    private static readonly byte[] Signs = [.. "{}[]\",:-#&*!|<>/\n 019\0\u007f"u8];

    // What is put in place of a text: other kinds, half a surrogate pair, no UTF-8, too long, other brackets.
    private static readonly byte[][] Strangers =
    [
        "null"u8.ToArray(), "17"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\"\""u8.ToArray(), "\"0\""u8.ToArray(), "\"\\ud800\""u8.ToArray(),
        [(byte)'"', 0xFF, (byte)'"'], "<a b='"u8.ToArray(), "</"u8.ToArray(), "&x;"u8.ToArray(), "\"CVE-2024-1\""u8.ToArray(),
        Encoding.UTF8.GetBytes($"\"{new string('x', 3000)}\""), Encoding.UTF8.GetBytes(new string('[', 200)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<x>", 200))),
    ];

    public static Task ReadAsync(IAdvisoryFeed feed, string path, string good, int iter = 1500) =>
        ReadAsync(feed, path, Encoding.UTF8.GetBytes(good), iter);

    /// <summary>
    /// Reads them; fails if a feed throws anything but what <see cref="IAdvisoryFeed.ReadAsync"/> says, or gives an advisory about nothing.
    /// </summary>
    public static Task ReadAsync(IAdvisoryFeed feed, string path, byte[] good, int iter = 1500)
    {
        Gen<Spoiling> spoiling = Gen.Select(
            Gen.Int[0, good.Length - 1], Gen.Int[0, 60], Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, Strangers.Length + 4],
            (place, length, other, value, kind) => new Spoiling(place, length, other, value, kind));
        return spoiling.Array[1, 6].SampleAsync(changes => ReadAsync(feed, path, changes.Aggregate(good, Spoilt)), iter);
    }

    private static async Task ReadAsync(IAdvisoryFeed feed, string path, byte[] document)
    {
        try
        {
            FeedReading reading = await FeedReading.OfAsync(feed, path, document);
            Assert.All(reading.Advisories, advisory => Assert.NotEmpty(advisory.Affected));
            Assert.All(reading.Advisories, advisory => Assert.All(advisory.Affected, package => Assert.NotEmpty(package.Ranges)));
        }
        catch (Exception broken) when (broken is FeedException or IOException or InvalidDataException)
        {
            Assert.NotEmpty(broken.Message);
        }
    }

    private static byte[] Spoilt(byte[] document, Spoiling change)
    {
        if (document.Length == 0)
        {
            return document;
        }

        int place = change.Place % document.Length;
        int end = Math.Min(document.Length, place + change.Length);
        int other = change.Other % document.Length;
        return (change.Kind - Strangers.Length) switch
        {
            // Whole quoted texts are replaced, since otherwise nearly every change only makes the document unreadable.
            < 0 when Quoted(document, place) is var (from, to) => [.. document[..from], .. Strangers[change.Kind], .. document[to..]],
            0 => document[..place],
            1 => [.. document[..place], .. document[other..Math.Min(document.Length, other + change.Length)], .. document[place..]],
            2 => [.. document[..place], .. document[end..]],
            3 => [.. document[..place], Signs[change.Value % Signs.Length], .. document[(place + 1)..]],
            _ => [.. document[..place], change.Value, .. document[(place + 1)..]],
        };
    }

    private static (int From, int To)? Quoted(byte[] document, int place)
    {
        int from = document.AsSpan(place).IndexOf((byte)'"');
        int to = from < 0 ? -1 : document.AsSpan(place + from + 1).IndexOf((byte)'"');
        return to < 0 ? null : (place + from, place + from + to + 2);
    }

    private sealed record Spoiling(int Place, int Length, int Other, byte Value, int Kind);
}
