using System.Text;
using CsCheck;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

/// <summary>Reads spoilt copies of a good document: whatever comes of it, only what a feed may throw is thrown.</summary>
internal static class FeedFuzz
{
    // What is put in place of a text: other kinds, half a surrogate pair, no UTF-8, too long, other brackets.
    private static readonly byte[][] Strangers =
    [
        "null"u8.ToArray(), "17"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "\"\""u8.ToArray(), "\"0\""u8.ToArray(), "\"\\ud800\""u8.ToArray(),
        [(byte)'"', 0xFF, (byte)'"'], "<a b='"u8.ToArray(), "</"u8.ToArray(), "&x;"u8.ToArray(), "\"CVE-2024-1\""u8.ToArray(),
        Encoding.UTF8.GetBytes($"\"{new string('x', 3000)}\""), Encoding.UTF8.GetBytes(new string('[', 200)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<x>", 200))),
    ];

    public static Task SampleAsync(IAdvisoryFeed feed, string path, string good, int iter = 1500)
    {
        byte[] whole = Encoding.UTF8.GetBytes(good);
        Gen<(int Place, int Length, int Other, int Kind)> change = Gen.Select(
            Gen.Int[0, whole.Length - 1], Gen.Int[0, 60], Gen.Int[0, whole.Length - 1], Gen.Int[0, Strangers.Length + 2]);
        return change.Array[1, 6].SampleAsync(changes => ReadAsync(feed, path, changes.Aggregate(whole, Changed)), iter);
    }

    private static async Task ReadAsync(IAdvisoryFeed feed, string path, byte[] content)
    {
        try
        {
            FeedReading reading = await FeedReading.OfAsync(feed, path, content);
            Assert.All(reading.Advisories, advisory => Assert.NotEmpty(advisory.Affected));
            Assert.All(reading.Advisories, advisory => Assert.All(advisory.Affected, package => Assert.NotEmpty(package.Ranges)));
        }
        catch (Exception refused) when (refused is FeedException or IOException or InvalidDataException)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static byte[] Changed(byte[] content, (int Place, int Length, int Other, int Kind) change)
    {
        if (content.Length == 0)
        {
            return content;
        }

        int place = change.Place % content.Length;
        int end = Math.Min(content.Length, place + change.Length);
        int other = change.Other % content.Length;
        return change.Kind switch
        {
            // Whole quoted texts are replaced, since otherwise nearly every change only makes the document unreadable.
            var kind when kind < Strangers.Length && Quoted(content, place) is var (from, to) => [.. content[..from], .. Strangers[kind], .. content[to..]],
            var kind when kind == Strangers.Length => content[..place],
            var kind when kind == Strangers.Length + 1 =>
                [.. content[..place], .. content[other..Math.Min(content.Length, other + change.Length)], .. content[place..]],
            _ => [.. content[..place], (byte)change.Other, .. content[end..]],
        };
    }

    private static (int From, int To)? Quoted(byte[] content, int place)
    {
        int from = content.AsSpan(place).IndexOf((byte)'"');
        int to = from < 0 ? -1 : content.AsSpan(place + from + 1).IndexOf((byte)'"');
        return to < 0 ? null : (place + from, place + from + to + 2);
    }
}
