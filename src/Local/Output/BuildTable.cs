using System.Diagnostics;
using System.Globalization;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using static ImageScan.Local.Output.LabelledLines;

namespace ImageScan.Local.Output;

/// <summary>What is said of files that no feed knows.</summary>
internal enum Unrecognised
{
    CountedByFolder,
    Named,
}

/// <summary>Writes how the build of a snapshot went.</summary>
internal static class BuildTable
{
    public static void Write(BuildAnswer answer, Unrecognised unrecognised)
    {
        foreach (BuildFeed feed in answer.Feeds)
        {
            WriteFeed(feed);
        }

        WriteUnrecognised(answer.Unrecognised, unrecognised);
        SkippedAdvisories skipped = answer.Skipped;
        LabelledLines.Write(
            "skipped",
            $"{Number(skipped.Total)}: {skipped.Withdrawn} withdrawn, {skipped.Superseded} older revisions, "
            + $"{skipped.WithoutRelease} of a distribution without release, {skipped.NothingToMatch} with nothing to match, "
            + $"{skipped.Replaced} replaced by the vendor's own");
        WriteContents(answer.Description);
        LabelledLines.Write("seconds", answer.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        LabelledLines.Write("peak memory", $"{PeakMemory() >> 20} MiB");
        LabelledLines.Write("file", $"{answer.Path}, {Number(answer.FileBytes)} bytes");
    }

    public static void WriteJson(BuildAnswer answer) => JsonResult.Write(new
    {
        answer.Path,
        answer.FileBytes,
        answer.IsGood,
        seconds = Math.Round(answer.Elapsed.TotalSeconds, 3),
        peakMemoryBytes = PeakMemory(),
        answer.Description.BuiltAt,
        answer.Description.NewestRecord,
        answer.Description.Advisories,
        answer.Description.Packages,
        answer.Description.Cves,
        answer.Skipped,
        used = answer.Description.Feeds,
        feeds = answer.Feeds.Select(feed => new
        {
            feed.Feed.Name,
            feed.Feed.Title,
            feed.Feed.Licence,
            feed.Location,
            documents = new { feed.Asked, feed.Unchanged, feed.Read, failed = feed.Failed.Count(failed => failed.Name.Length > 0) },
            feed.Records,
            feed.Malformed,
            feed.Reasons,
            feed.Skipped,
            feed.Failed,
            feed.Refused,
            feed.CheckedAt,
            feed.ChangedAt,
        }),
        answer.Unrecognised,
    });

    /// <summary>What a snapshot holds: what it took from each feed, and of what.</summary>
    public static void WriteContents(SnapshotDescription description)
    {
        foreach (SnapshotFeed feed in description.Feeds)
        {
            string left = string.Concat(feed.Skipped.Select(skipped => $", {Number(skipped.Count)} {skipped.Reason}"));
            string newest = feed is { NewestRecord: null, CheckedAt: { } read } ? $"undated, last read {Day(read)}" : $"newest {Day(feed.NewestRecord)}";
            LabelledLines.Write("used", $"{feed.Name}: {Number(feed.Used)} of {Number(feed.Records)} records, {newest}{left}");
        }

        IEnumerable<string> families = description.Ecosystems.Select(ecosystem => ecosystem.Ecosystem.Split(':')[0]).Distinct();
        LabelledLines.Write("ecosystems", $"{Number(description.Ecosystems.Count)} with their releases: {string.Join(", ", families)}");
        LabelledLines.Write("packages", Number(description.Packages));
        LabelledLines.Write("CVEs", $"{Number(description.Cves)} with dates or vectors of their own");
    }

    private static void WriteFeed(BuildFeed feed)
    {
        string unchanged = feed.Unchanged > 0 ? $" ({Number(feed.Unchanged)} unchanged)" : "";
        LabelledLines.Write(
            feed.Feed.Name,
            $"{Counted(feed.Asked, "document")}{unchanged}, {Counted(feed.Records, "record")}, {Number(feed.Malformed)} malformed");
        foreach (string reason in feed.Reasons)
        {
            LabelledLines.Write("", reason);
        }

        foreach ((string reason, int count) in feed.Skipped)
        {
            LabelledLines.Write("", $"{Number(count)} skipped: {reason}");
        }

        foreach (FailedSource failed in feed.Failed)
        {
            LabelledLines.Write("failed", failed.Name.Length > 0 ? $"{failed.Name}: {failed.Reason}" : failed.Reason);
        }

        if (feed.Failed.Count > 0 && feed.CheckedAt is { } good)
        {
            LabelledLines.Write("", $"its last good data are used, of {Minute(good)}");
        }

        foreach (RefusedShrink refused in feed.Refused)
        {
            LabelledLines.Write(
                "refused",
                $"{refused.Document ?? feed.Feed.Name}: {Number(refused.Is)} records where there were {Number(refused.Was)}; what was there is used. "
                + $"--accept-shrink {feed.Feed.Name} takes it");
        }
    }

    private static void WriteUnrecognised(IReadOnlyList<string> files, Unrecognised form)
    {
        if (form == Unrecognised.Named)
        {
            foreach (string file in files)
            {
                LabelledLines.Write("unknown", file);
            }

            return;
        }

        foreach (IGrouping<string, string> folder in files.GroupBy(FolderOf))
        {
            LabelledLines.Write("unknown", $"{Counted(folder.Count(), "file")} in {folder.Key} (--verbose names them)");
        }
    }

    // Two levels say enough: what lies below is the copied source's own order.
    private static string FolderOf(string file) => file.Split('/')[..^1] is { Length: > 0 } folders ? string.Join('/', folders.Take(2)) : ".";

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
