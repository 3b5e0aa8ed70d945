using System.CommandLine;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories mirror</c>: copies of the feeds' documents, for machines without a network.</summary>
internal static class AdvisoriesMirror
{
    public static Command Create()
    {
        var folder = new Option<string>("--to")
        {
            Description = "The folder; build reads it with --from, or a part of it with Feeds__NAME__Url=FOLDER/NAME.",
            Required = true,
        };
        Option<string?> feeds = FeedOptions.Feeds();
        var command = new Command("mirror", "Copies the documents of the feeds into a folder.") { folder, feeds };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            using HttpClient http = FeedHttp.Create(TimeProvider.System);
            IReadOnlyList<FeedCopy> copies = await new FeedMirror(CommandServices.FeedChoices(), http).RunAsync(
                arguments.GetRequiredValue(folder), new RefreshChoice { Feeds = FeedOptions.NamesOf(arguments.GetValue(feeds)) }, cancellationToken);
            foreach (FeedCopy copy in copies)
            {
                LabelledLines.Write(copy.Feed.Name, $"{LabelledLines.Number(copy.Documents)} documents, {LabelledLines.Number(copy.Copied)} of them new");
                foreach (FailedSource failed in copy.Failed)
                {
                    LabelledLines.Write("failed", $"{failed.Name}: {failed.Reason}");
                }
            }

            return copies.Any(copy => copy.Failed.Count > 0) ? CommandLine.Failed : CommandLine.Clean;
        }));
        return command;
    }
}
