using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories diff OLD NEW</c>: what a newer snapshot says that an older one did not.</summary>
internal static class AdvisoriesDiff
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var older = new Argument<string>("OLD") { Description = "A snapshot." };
        var newer = new Argument<string>("NEW") { Description = "A later one." };
        Option<string> format = ImageOptions.Format();
        var command = new Command("diff", "Says which advisories, packages and CVEs of two snapshots differ; JSON names each of them.")
        {
            older, newer, format,
        };
        command.SetAction(CommandLine.Guarded((arguments, _) =>
        {
            using var before = AdvisoryDatabase.Open(arguments.GetRequiredValue(older));
            using var after = AdvisoryDatabase.Open(arguments.GetRequiredValue(newer));
            var difference = SnapshotDifference.Of(before, after);
            if (arguments.GetValue(format) == "json")
            {
                using Stream output = Console.OpenStandardOutput();
                JsonSerializer.Serialize(output, difference, Json);
            }
            else
            {
                Show(difference);
            }

            return Task.FromResult(CommandLine.Clean);
        }));
        return command;
    }

    private static void Show(SnapshotDifference difference)
    {
        Terminal.Line($"built {Date(difference.OldBuiltAt)} -> {Date(difference.NewBuiltAt)}");
        foreach (FeedDifference feed in difference.Feeds)
        {
            Terminal.Line($"feed {feed.Name}: {Show(feed.Old)} -> {Show(feed.New)}");
        }

        Terminal.Line($"CVEs: {Show(difference.Cves)}");
        foreach (EcosystemDifference ecosystem in difference.Ecosystems)
        {
            Terminal.Line($"{ecosystem.Ecosystem}: advisories {Show(ecosystem.Advisories)}; packages {Show(ecosystem.Packages)}");
        }

        if (difference.Ecosystems.Count == 0)
        {
            Terminal.Line("No advisory differs.");
        }
    }

    private static string Show(SnapshotFeed? feed) => feed is null
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{feed.Used:N0} used of {feed.Records:N0}, newest {Date(feed.NewestRecord)}");

    private static string Show(IdDifference ids) =>
        string.Create(CultureInfo.InvariantCulture, $"{ids.Added.Count:N0} added, {ids.Removed.Count:N0} removed, {ids.Changed.Count:N0} changed");

    private static string Date(DateTimeOffset? date) => date?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "unknown";
}
