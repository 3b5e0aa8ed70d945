using System.CommandLine;
using System.Globalization;
using ImageScan.Core;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Local.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
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
        command.Add(AdvisoriesPublish.CreatePublish());
        command.Add(AdvisoriesPublish.CreateRollBack());
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

    private static void Show(AdvisoryDatabase database)
    {
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
    }
}
