using System.Text.Json;
using System.Text.Json.Serialization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors;

/// <summary>
/// What a detector found in one file, as a bundle keeps it in the place of the file: the same detector finds the same again, another one must see
/// the file.
/// </summary>
internal sealed record KeptFindings
{
    // A program of two thousand modules has half of it.
    private const int MaxBytes = 1 << 20;

    public required IReadOnlyList<Package> Packages { get; init; }

    public required IReadOnlyList<LicenseClaim> Licenses { get; init; }

    public IReadOnlyList<string>? NeededLibraries { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public string? Md5 { get; init; }

    /// <summary>Names a detector and its version.</summary>
    public static string MarkOf(IPackageDetector detector) => PackageDetectors.VersionsOf([detector]);

    /// <summary>
    /// The findings as bytes. Null if they depend on more than the file: on the limits of the layer, or on what other detectors read.
    /// </summary>
    public static byte[]? TryWrite(FileFindings findings)
    {
        if (findings.IsCut || findings.Owned.Count > 0 || findings.Distribution is not null || findings.ContentSets.Count > 0)
        {
            return null;
        }

        var kept = new KeptFindings
        {
            Packages = findings.Packages,
            Licenses = findings.Licenses,
            NeededLibraries = findings.NeededLibraries,
            Warnings = [.. findings.Warnings.Select(warning => warning.Reason)],
            Md5 = findings.Md5,
        };
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(kept, KeptFindingsContext.Default.KeptFindings);
        return bytes.Length <= MaxBytes ? bytes : null;
    }

    /// <summary>
    /// Finds again what this detector, in this version, has found in a file of a bundle. False if the file itself is to be read. Throws
    /// <see cref="MalformedLayerException"/>, and <see cref="OmittedBodyException"/> where the limits allow less than they did.
    /// </summary>
    public static bool TryRepeat(Stream content, IPackageDetector detector, FileFindings findings)
    {
        if (content is not EntryContent { FoundBy: { } foundBy } entry || foundBy != MarkOf(detector))
        {
            return false;
        }

        Read(entry.ReadFindings(MaxBytes)).Repeat(findings);
        return findings.IsCut ? throw new OmittedBodyException("It has more findings in one file than the limits allow now.") : true;
    }

    private static KeptFindings Read(byte[] bytes)
    {
        try
        {
            KeptFindings? kept = JsonSerializer.Deserialize(bytes, KeptFindingsContext.Default.KeptFindings);

            // The reader checks members for null, but not what is in lists.
            return kept is null || kept.Packages.Contains(null!) || kept.Licenses.Contains(null!) || kept.NeededLibraries?.Contains(null!) == true
                || kept.Warnings.Contains(null!)
                    ? throw new JsonException("Something in it is null.")
                    : kept;
        }
        catch (JsonException unreadable)
        {
            throw new MalformedLayerException("The findings in the bundle cannot be read.", unreadable);
        }
    }

    private void Repeat(FileFindings findings)
    {
        foreach (Package package in Packages)
        {
            findings.Add(package);
        }

        foreach (LicenseClaim license in Licenses)
        {
            findings.License(license.Owner, license.License);
        }

        if (NeededLibraries is { } libraries)
        {
            findings.Needs(libraries);
        }

        findings.Md5 = Md5;
        foreach (string warning in Warnings)
        {
            findings.Warn(warning);
        }
    }
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeptFindings))]
internal sealed partial class KeptFindingsContext : JsonSerializerContext;
