using System.CommandLine;
using System.Globalization;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Local.Output;
using static ImageScan.Local.Output.LabelledLines;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories</c>: makes and describes snapshots.</summary>
internal static class AdvisoriesCommand
{
    public static Command Create()
    {
        var command = new Command("advisories", "Makes and describes snapshots of advisories.");
        command.Add(AdvisoriesBuild.Create());
        command.Add(AdvisoriesFeeds.Create());
        command.Add(AdvisoriesMirror.Create());
        command.Add(CreateInfo());
        command.Add(AdvisoriesVerify.Create());
        command.Add(AdvisoriesDiff.Create());
        command.Add(AdvisoriesPublish.CreatePublish());
        command.Add(AdvisoriesPublish.CreateRollBack());
        return command;
    }

    private static Command CreateInfo()
    {
        var path = new Option<string?>("--path")
        {
            Description = "A snapshot; by default the one that scans here use: Advisories__Path, what is published, or the starter set.",
        };
        var command = new Command("info", "Says what a snapshot holds and how old it is.") { path };
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) => CommandAdvisories.AskAsync(arguments.GetValue(path), Show, cancellationToken)));
        return command;
    }

    private static int Show(AdvisoryDatabase? database)
    {
        database = CommandAdvisories.Need(database);
        LabelledLines.Write("snapshot", $"{database.Name}, {Number(database.Size)} bytes");
        LabelledLines.Write("id", database.Origin.Id);
        LabelledLines.Write("built", database.Origin.BuiltAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture));
        LabelledLines.Write("holds", ScannerVersion.AdvisoriesOf(database.Origin, TimeProvider.System.GetUtcNow()));
        LabelledLines.Write("records", Number(database.Description.Advisories));
        BuildTable.WriteContents(database.Description);
        foreach (SnapshotSource source in database.Description.Sources)
        {
            LabelledLines.Write("source", $"{source.Name}: {Number(source.Advisories)} records, newest {Day(source.NewestRecord)}");
        }

        foreach (EcosystemCount ecosystem in database.Description.Ecosystems)
        {
            LabelledLines.Write("ecosystem", $"{ecosystem.Ecosystem}: {Number(ecosystem.Advisories)} records, newest {Day(ecosystem.NewestRecord)}");
        }

        return CommandLine.Clean;
    }
}
