using System.CommandLine;
using System.Globalization;
using ImageScan.Core;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.Local.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories</c>: makes and describes snapshots.</summary>
internal static class AdvisoriesCommand
{
    public static Command Create()
    {
        var command = new Command("advisories", "Makes and describes snapshots of advisories.");
        command.Add(CreateBuild());
        command.Add(CreateInfo());
        command.Add(AdvisoriesVerify.Create());
        command.Add(AdvisoriesDiff.Create());
        command.Add(AdvisoriesPublish.CreatePublish());
        command.Add(AdvisoriesPublish.CreateRollBack());
        return command;
    }

    private static Command CreateBuild()
    {
        var from = new Option<string[]>("--from")
        {
            Description = "A folder or an http(s) address laid out like the OSV bucket: <Ecosystem>/all.zip. May be given several times.",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "The snapshot to write.", Required = true };
        var cves = new Option<string?>("--cve-metadata") { Description = "A cve-metadata.jsonl.gz; by default the one in or beside a --from folder." };
        var starter = new Option<bool>("--starter") { Description = "Only what may ship with the app, facts without texts." };
        var command = new Command("build", "Builds a snapshot from OSV records.") { from, output, cves, starter };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            string[] locations = arguments.GetRequiredValue(from);
            using var http = new HttpClient();
            string? list = arguments.GetValue(cves) ?? AdvisoryRefresh.FindCveMetadata(locations);
            SnapshotBuild build = await new AdvisoryRefresh(TimeProvider.System).BuildAsync(
                list is null ? locations : [.. locations, list],
                http,
                arguments.GetRequiredValue(output),
                arguments.GetValue(starter) ? SnapshotChoice.StarterSet : SnapshotChoice.Everything,
                cancellationToken);
            Show(build);
            return build.Runs.Any(run => run.Report.Failed.Count > 0) ? CommandLine.Failed : CommandLine.Clean;
        }));
        return command;
    }

    private static Command CreateInfo()
    {
        var path = new Option<string?>("--path")
        {
            Description = "A snapshot; by default the one that scans here use (Advisories__Path, else the starter set).",
        };
        var command = new Command("info", "Says what a snapshot holds and how old it is.") { path };
        command.SetAction(CommandLine.Guarded((arguments, _) =>
        {
            IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            AdvisorySettings settings = SettingsSection.Read<AdvisorySettings>(configuration, "Advisories");
            using var snapshots = new AdvisorySnapshots(
                settings with { Path = arguments.GetValue(path) ?? settings.Path }, NullLogger<AdvisorySnapshots>.Instance);
            AdvisoryDatabase database = snapshots.Current()
                ?? throw new CommandException("There are no advisories: set Advisories__Path, or Advisories__UseStarterSet to true.");
            Show(database);
            return Task.FromResult(CommandLine.Clean);
        }));
        return command;
    }

    private static void Show(SnapshotBuild build)
    {
        SkippedAdvisories skipped = build.Skipped;
        foreach (FeedRun run in build.Runs)
        {
            Line(run.Feed.Name, $"{Number(run.Documents)} documents, {Number(run.Records)} records, {Number(run.Report.Malformed)} malformed");
            foreach (string reason in run.Report.Reasons)
            {
                Line("", reason);
            }

            foreach ((string reason, int count) in run.Report.Skipped)
            {
                Line("", $"{Number(count)} skipped: {reason}");
            }

            foreach (FailedSource failed in run.Report.Failed)
            {
                Line("failed", $"{failed.Name}: {failed.Reason}");
            }
        }

        Line(
            "skipped",
            $"{Number(skipped.Total)}: {skipped.Withdrawn} withdrawn, {skipped.Superseded} older revisions, "
            + $"{skipped.WithoutRelease} of a distribution without release, {skipped.NothingToMatch} with nothing to match");
        ShowContents(build.Description);
        Line("seconds", build.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        Line("peak memory", $"{build.PeakMemoryBytes >> 20} MiB");
        Line("file", $"{build.Path}, {Number(build.FileBytes)} bytes");
    }

    private static void Show(AdvisoryDatabase database)
    {
        Line("snapshot", $"{database.Name}, {Number(database.Size)} bytes");
        Line("id", database.Origin.Id);
        Line("built", database.Origin.BuiltAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture));
        Line("holds", ScannerVersion.AdvisoriesOf(database.Origin, TimeProvider.System.GetUtcNow()));
        Line("records", Number(database.Description.Advisories));
        ShowContents(database.Description);
        foreach (SnapshotSource source in database.Description.Sources)
        {
            Line("source", $"{source.Name}: {Number(source.Advisories)} records, newest {DateOf(source.NewestRecord)}");
        }

        foreach (EcosystemCount ecosystem in database.Description.Ecosystems)
        {
            Line("ecosystem", $"{ecosystem.Ecosystem}: {Number(ecosystem.Advisories)} records, newest {DateOf(ecosystem.NewestRecord)}");
        }
    }

    private static void ShowContents(SnapshotDescription description)
    {
        IEnumerable<string> families = description.Ecosystems.Select(ecosystem => ecosystem.Ecosystem.Split(':')[0]).Distinct();
        Line("ecosystems", $"{Number(description.Ecosystems.Count)} with their releases: {string.Join(", ", families)}");
        Line("packages", Number(description.Packages));
        Line("CVEs", $"{Number(description.Cves)} with dates or vectors of their own");
    }

    private static string DateOf(DateTimeOffset? newest) => newest?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown";

    private static void Line(string label, string text) => Terminal.Line($"{label,-12} {text}");

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
