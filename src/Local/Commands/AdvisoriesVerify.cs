using System.CommandLine;
using System.Globalization;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories verify</c>: reads every byte of a snapshot as scans would.</summary>
internal static class AdvisoriesVerify
{
    public static Command Create()
    {
        var path = new Option<string?>("--path")
        {
            Description = "A snapshot; by default the one that scans here use: Advisories__Path, what is published, or the starter set.",
        };
        var command = new Command("verify", "Reads the whole of a snapshot and says whether it is sound: exit code 0, else 2.") { path };
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) =>
            CommandAdvisories.AskAsync(arguments.GetValue(path), Show, cancellationToken)));
        return command;
    }

    private static int Show(AdvisoryDatabase? database)
    {
        database = CommandAdvisories.Need(database);
        var check = SnapshotCheck.Of(database);
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{database.Name}, {database.Size:N0} bytes, id {database.Origin.Id}"));
        Terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Packages:N0} packages with {check.Postings:N0} statements of {check.Advisories:N0} advisories; {check.Cves:N0} CVEs, "
            + $"{check.Repositories:N0} repositories, {check.ReleaseEnds:N0} ends of releases"));
        foreach (string problem in check.Problems)
        {
            Terminal.Line($"Wrong: {problem}");
        }

        Terminal.Line(check.IsSound ? "Sound." : $"Not sound: {check.Problems.Count} things are wrong. Build it anew.");
        return check.IsSound ? CommandLine.Clean : CommandLine.Failed;
    }
}
