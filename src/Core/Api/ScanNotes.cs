using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// What an answer says about its own limits: the notes of Scanner V4 and those of the older scanner together, so that no gap goes unsaid
/// whichever of the two a client knows.
/// </summary>
public static class ScanNotes
{
    /// <summary>The notes of a scan, ordered by number.</summary>
    public static IReadOnlyList<ScanNote> Of(Scan scan)
    {
        bool hasSystem = scan.Inventory.Distribution is not null;
        bool coversSystem = hasSystem && scan.Match.CoversDistribution;
        bool coversLanguages = scan.Match.Advisories is not null && scan.Match.CoversLanguages;
        var notes = new SortedSet<ScanNote>();
        AddIf(!hasSystem, ScanNote.OsUnavailable);
        AddIf(!coversSystem, ScanNote.OsCvesUnavailable);
        AddIf(OperatingSystems.IsStale(scan.Inventory.Distribution), ScanNote.OsCvesStale);
        AddIf(!coversLanguages, ScanNote.LanguageCvesUnavailable);
        AddIf(scan.Inventory.Distribution?.Id == "rhel" && !coversSystem, ScanNote.CertifiedRhelScanUnavailable);
        // Scanner V4 says so where the system's advisories are missing, the older scanner also where those of languages are.
        AddIf(!coversSystem || !coversLanguages || HasWarnings(scan), ScanNote.PartialScanData);
        return [.. notes];

        void AddIf(bool applies, ScanNote note)
        {
            if (applies)
            {
                notes.Add(note);
            }
        }
    }

    private static bool HasWarnings(Scan scan) =>
        scan.Inventory.Warnings.Count > 0 || scan.Match.Warnings.Count > 0 || scan.Config.Omissions.Count > 0;
}
