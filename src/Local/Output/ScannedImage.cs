using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;

namespace ImageScan.Local.Output;

/// <summary>What the table says of an image; every text is harmless and on one line.</summary>
/// <param name="Rows">What was found, in the order in which it is shown.</param>
internal sealed record ScannedImage(IReadOnlyList<FindingRow> Rows)
{
    public required string Name { get; init; }

    public required string Digest { get; init; }

    public required string System { get; init; }

    public required int Components { get; init; }

    public required string Scanner { get; init; }

    /// <summary>What StackRox's notes say could not be looked at.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether no more than the starter set of advisories was asked, which lacks most vulnerabilities.</summary>
    public bool IsOfStarterSet { get; init; }

    /// <summary>Whether nobody mends the distribution's release any more, so that its advisories are not all there are.</summary>
    public bool IsPastEnd { get; init; }

    /// <summary>How many findings the caller did not want to see.</summary>
    public int Hidden { get; init; }

    /// <summary>How many findings are left out because somebody decided about them.</summary>
    public int Suppressed { get; init; }

    /// <summary>What a report says.</summary>
    public static ScannedImage Of(ImageReport report)
    {
        Scan scan = report.Scan;
        return new ScannedImage(FindingRow.Of(report))
        {
            Name = Plain(report.ImageName),
            Digest = report.Digest,
            System = Plain(OperatingSystems.NameOf(scan.Inventory.Distribution)),
            Components = Component.AllOf(scan.Match).Count,
            Scanner = Plain(ScannerVersion.Of(scan)),
            Notes = [.. ScanNotes.Of(scan).Select(NameOf)],
            IsOfStarterSet = scan.Match.Advisories?.IsStarterSet == true,
            IsPastEnd = scan.Match.Ended is not null,
            Hidden = report.Hidden,
            Suppressed = report.Suppressed,
        };
    }

    /// <summary>What an answer of the API says; throws <see cref="JsonException"/> if it has another form.</summary>
    public static ScannedImage Of(JsonElement image)
    {
        try
        {
            JsonElement scan = image.GetProperty("scan");
            JsonElement name = image.GetProperty("name");
            string scanner = Text(scan, "scannerVersion");
            string[] notes = [.. scan.GetProperty("notes").EnumerateArray().Select(note => Plain(note.GetString() ?? ""))];
            return new ScannedImage(FindingRow.Of(image))
            {
                Name = name.ValueKind == JsonValueKind.Object ? Text(name, "fullName") : Text(image, "id"),
                Digest = Text(image, "id"),
                System = Text(scan, "operatingSystem"),
                Components = scan.GetProperty("components").GetArrayLength(),
                Scanner = scanner,
                Notes = notes,
                IsOfStarterSet = scanner.Contains(ScannerVersion.StarterSet, StringComparison.Ordinal),
                // Of the oldest releases alone an answer tells it.
                IsPastEnd = notes.Contains(NameOf(ScanNote.OsCvesStale)),
            };
        }
        catch (Exception other) when (other is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("the answer has not the form of an image");
        }
    }

    /// <summary>What may be missing though nothing was found, a few words each; empty if nothing is known to be.</summary>
    public IEnumerable<string> Gaps()
    {
        if (IsOfStarterSet)
        {
            yield return "only the starter set of advisories was asked, which lacks most vulnerabilities";
        }

        if (IsPastEnd)
        {
            yield return "the distribution's release is past its end of life";
        }

        if (Notes.Contains(NameOf(ScanNote.PartialScanData)))
        {
            yield return "what could not be looked at is in the notes and warnings";
        }
    }

    private static string NameOf(ScanNote note) => JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{note}");

    private static string Text(JsonElement element, string name) => Plain(element.GetProperty(name).GetString() ?? "");

    private static string Plain(string text) => HostileText.Plain(text, int.MaxValue);
}
