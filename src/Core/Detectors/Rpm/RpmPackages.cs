using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Makes packages of the headers of one database.</summary>
/// <param name="path">The database.</param>
/// <param name="fileBytes">Its size.</param>
/// <param name="findings">Takes the packages, and the files that they own.</param>
/// <param name="reading">Is told what is damaged.</param>
internal sealed class RpmPackages(string path, long fileBytes, FileFindings findings, DatabaseReading reading)
{
    private readonly RpmFileLists _fileLists = new(fileBytes);

    /// <summary>Takes the package that a header describes; imported keys, which stand among the packages, are none.</summary>
    public void Take(HeaderBlob blob)
    {
        if (!RpmHeader.TryOpen(blob.Bytes.Span, out RpmHeader header))
        {
            reading.Damaged($"What stands at {blob.Place} of the database is no header of a package.");
            return;
        }

        string? name = header.Text(RpmTag.Name);
        if (RpmVersion.IsKey(name))
        {
            return;
        }

        string? version = header.Text(RpmTag.Version);
        string? release = header.Text(RpmTag.Release);
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(version) || string.IsNullOrEmpty(release))
        {
            reading.Damaged($"The package at {blob.Place} of the database has no name, version or release that can be read: it is missing.");
            return;
        }

        findings.Add(PackageOf(ref header, name, $"{version}-{release}"));
        bool allFiles = _fileLists.TryRead(ref header, name, findings);
        if (header.IsDamaged || !allFiles)
        {
            reading.Damaged($"The header of the package {name}, at {blob.Place} of the database, is damaged or cut off: not all of it was read.");
        }
    }

    private Package PackageOf(ref RpmHeader header, string name, string versionAndRelease)
    {
        RpmNumbers epochs = header.Numbers(RpmTag.Epoch);
        ulong epoch = epochs.Count == 0 ? 0 : epochs[0];
        string version = RpmVersion.Of(epoch, versionAndRelease);
        (string? sourceName, string? sourceVersion) = RpmVersion.SourceOf(header.Text(RpmTag.SourceRpm), epoch);
        return new Package
        {
            Type = PackageType.Rpm,
            Name = name,
            Version = version,
            SourceName = sourceName == name ? null : sourceName,
            SourceVersion = sourceVersion == version ? null : sourceVersion,
            Architecture = NullIfEmpty(header.Text(RpmTag.Arch)),
            Module = NullIfEmpty(header.Text(RpmTag.ModularityLabel)),
            Vendor = NullIfEmpty(header.Text(RpmTag.Vendor)),
            License = NullIfEmpty(header.Text(RpmTag.License)),
            Path = path,
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
