using System.CommandLine;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories build</c>: a snapshot out of folders with copies of feeds, or out of the feeds themselves.</summary>
internal static class AdvisoriesBuild
{
    public static Command Create()
    {
        var from = new Option<string[]>("--from")
        {
            Description = "A folder with copies of feeds, or an http(s) address laid out like the OSV bucket. May be given several times.",
        };
        var online = new Option<bool>("--online")
        {
            Description = "Ask the feeds themselves, by the settings Feeds__NAME__*, for what is new since the last time.",
        };
        Option<string?> feeds = FeedOptions.Feeds();
        Option<string> cache = FeedOptions.Cache();
        var acceptShrink = new Option<string[]>("--accept-shrink") { Description = "With --online: a feed that may lose more than half of its records." };
        var output = new Option<string>("--out") { Description = "The snapshot to write.", Required = true };
        var cves = new Option<string?>("--cve-metadata") { Description = "A cve-metadata.jsonl.gz; by default the one beside a --from folder." };
        var starter = new Option<bool>("--starter") { Description = "Only what may ship with the app, facts without texts." };
        var verbose = new Option<bool>("--verbose") { Description = "Name every file that no feed knows, not only their folders." };
        Option<string> format = ImageOptions.Format();
        var command = new Command("build", "Builds a snapshot of advisories.")
        {
            from, online, feeds, cache, acceptShrink, output, cves, starter, verbose, format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is { Length: > 0 } == result.GetValue(online))
            {
                result.AddError("Either --from or --online says where the advisories are.");
            }

            if (!result.GetValue(online) && (result.GetValue(feeds) is not null || result.GetValue(acceptShrink) is { Length: > 0 }))
            {
                result.AddError("--feeds and --accept-shrink go with --online.");
            }

            if (result.GetValue(online) && (result.GetValue(cves) is not null || result.GetValue(starter)))
            {
                result.AddError("--cve-metadata and --starter go with --from.");
            }
        });
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            string path = arguments.GetRequiredValue(output);
            BuildAnswer answer = arguments.GetValue(online)
                ? BuildAnswer.Of(await RefreshAsync(
                    path,
                    arguments.GetValue(cache)!,
                    new RefreshChoice { Feeds = FeedOptions.NamesOf(arguments.GetValue(feeds)), AcceptShrink = arguments.GetValue(acceptShrink) ?? [] },
                    cancellationToken))
                : BuildAnswer.Of(await ReadAsync(
                    path,
                    arguments.GetValue(from)!,
                    arguments.GetValue(cves),
                    arguments.GetValue(starter) ? SnapshotChoice.StarterSet : SnapshotChoice.Everything,
                    cancellationToken));
            if (arguments.GetValue(format) == "json")
            {
                BuildTable.WriteJson(answer);
            }
            else
            {
                BuildTable.Write(answer, arguments.GetValue(verbose) ? Unrecognised.Named : Unrecognised.CountedByFolder);
            }

            if (!answer.IsGood)
            {
                Terminal.Say("Not all feeds could be read; the snapshot was written with what there is, their last good data included.");
            }

            return answer.IsGood ? CommandLine.Clean : CommandLine.Failed;
        }));
        return command;
    }

    private static async Task<RefreshOutcome> RefreshAsync(string path, string cache, RefreshChoice choice, CancellationToken cancellationToken)
    {
        var files = new FolderFeedFiles(cache);
        FeedChoices feeds = CommandServices.FeedChoices();
        _ = feeds.Of(choice);
        using IDisposable taken = files.Lock();
        using HttpClient http = FeedHttp.Create(TimeProvider.System);
        return await new FeedRefresh(feeds, files, http, TimeProvider.System, new TerminalLogger<FeedRefresh>()).RunAsync(path, choice, cancellationToken);
    }

    private static async Task<SnapshotBuild> ReadAsync(
        string path, string[] locations, string? cves, SnapshotChoice choice, CancellationToken cancellationToken)
    {
        using HttpClient http = FeedHttp.Create(TimeProvider.System);
        string? list = cves ?? AdvisoryRefresh.FindCveMetadata(locations);
        IReadOnlyList<string> all = list is null ? locations : [.. locations, list];
        return await new AdvisoryRefresh(TimeProvider.System).BuildAsync(all, http, path, choice, cancellationToken);
    }
}
