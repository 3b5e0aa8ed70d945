using System.CommandLine;
using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Matching;
using ImageScan.Local.Output;
using Spectre.Console;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan match</c>: what the advisories say about a list of packages or a bill of materials, without an image.</summary>
internal static class MatchCommand
{
    private const string StandardInput = "-";

    public static Command Create()
    {
        var packages = new Option<string>("--packages")
        {
            Description = "A file: a package URL or 'type/name/version[/source[/source version]]' a line, or CycloneDX or SPDX JSON; - reads stdin.",
            Required = true,
        };
        var distro = new Option<string?>("--distro")
        {
            Description = "The distribution of the system's packages, such as debian:12, rhel:9, alpine:3.20; by default the one that the list names.",
        };
        Option<string> format = ImageOptions.Format();
        Option<string?> failOn = SeverityGate.Option();
        var command = new Command("match", "Matches a list of packages or a bill of materials against the advisories; no image is needed.")
        {
            packages, distro, format, failOn,
        };
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) => Task.Run(
            () => RunAsync(
                arguments.GetRequiredValue(packages),
                arguments.GetValue(distro),
                arguments.GetValue(format)!,
                SeverityGate.Of(arguments.GetValue(failOn)),
                cancellationToken),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? distro, string format, Severity? gate, CancellationToken cancellationToken)
    {
        PackageList list = PackageListReader.Read(ReadAll(path), path == StandardInput ? "stdin" : Path.GetFileName(path));
        Distribution? given = distro is null ? null : DistributionNames.Parse(distro)
            ?? throw new CommandException("--distro must be an id with a release, such as debian:12.");
        ImageInventory inventory = list.ToInventory(given);
        if (inventory.Packages.Count == 0)
        {
            throw new CommandException($"There is no package in {path}.{string.Concat(list.Warnings.Select(warning => " " + warning.Reason))}");
        }

        MatchOutcome match = await CommandAdvisories.AskAsync(null, database => AdvisoryMatcher.Match(inventory, database), cancellationToken);
        if (format == "json")
        {
            await using Stream output = Console.OpenStandardOutput();
            MatchJson.Write(inventory, match, output);
        }
        else
        {
            WriteTable(inventory, match);
        }

        WarningLines.WriteEnd(inventory.Distribution, match.Ended);
        WarningLines.Write([.. inventory.Warnings, .. SystemWarnings(inventory, match), .. match.Warnings]);
        return gate is { } least && match.Packages.SelectMany(found => found.Findings).Any(finding => SeverityGate.Stops(finding.Severity, least))
            ? CommandLine.AtOrAboveGate
            : CommandLine.Clean;
    }

    private static byte[] ReadAll(string path)
    {
        using Stream content = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        using var held = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = content.Read(buffer)) > 0)
        {
            held.Write(buffer, 0, read);
            if (held.Length > PackageListReader.MaxBytes)
            {
                throw new CommandException($"{path} has more than {PackageListReader.MaxBytes >> 20} MiB.");
            }
        }

        return held.ToArray();
    }

    // A list of packages of the system is worth nothing without its distribution, and nobody would notice.
    private static IEnumerable<InventoryWarning> SystemWarnings(ImageInventory inventory, MatchOutcome match)
    {
        int system = inventory.Packages.Count(installed => !installed.Package.Type.IsLanguage);
        if (system > 0 && inventory.Distribution is null)
        {
            yield return new InventoryWarning("", $"{system} packages of the system were not matched: the list names no distribution; give --distro.");
        }
        else if (system > 0 && !match.CoversDistribution)
        {
            string name = OperatingSystems.NameOf(inventory.Distribution);
            yield return new InventoryWarning("", $"{system} packages of the system were not matched: the advisories have none about {name}.");
        }
    }

    private static void WriteTable(ImageInventory inventory, MatchOutcome match)
    {
        var rows = match.Packages.SelectMany(found => found.Findings.Select(finding => (found.Installed.Package, Finding: finding)))
            .OrderByDescending(row => row.Finding.Severity).ThenBy(row => row.Package.Name, StringComparer.Ordinal)
            .ThenBy(row => row.Finding.Cve, StringComparer.Ordinal).ToList();
        Terminal.Line($"System      {OperatingSystems.NameOf(inventory.Distribution)}");
        Terminal.Line($"Packages    {inventory.Packages.Count}");
        Terminal.Line($"Advisories  {ScannerVersion.AdvisoriesOf(match.Advisories, TimeProvider.System.GetUtcNow())}");
        if (rows.Count > 0)
        {
            var table = new Table { Border = TableBorder.Simple };
            table.AddColumns("Severity", "CVSS", "Vulnerability", "Package", "Installed", "Fixed in", "Status", "Advisory");
            foreach ((Package package, Finding finding) in rows)
            {
                string?[] cells =
                [
                    finding.Severity.ToString().ToUpperInvariant(),
                    (finding.CvssV3?.Score ?? finding.CvssV2?.Score)?.ToString("0.0", CultureInfo.InvariantCulture),
                    finding.Cve, package.Name, package.Version, finding.FixedBy, MatchJson.WordOf(finding), finding.AdvisoryId,
                ];
                table.AddRow(cells.Select(cell => new Text(HostileText.Plain(cell ?? "", int.MaxValue))));
            }

            Terminal.Out.Write(table);
        }

        Terminal.Line($"{rows.Count} vulnerabilities in {match.Packages.Count(found => found.Findings.Count > 0)} packages");
    }
}
