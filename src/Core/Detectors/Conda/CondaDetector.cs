using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Conda;

/// <summary>
/// Reads the packages of conda environments: a file each in the <c>conda-meta</c> folder of the environment
/// (https://docs.conda.io/projects/conda/en/latest/dev-guide/deep-dives/install.html#linking-packages).
/// </summary>
public sealed class CondaDetector : IPackageDetector
{
    private const string Folder = "conda-meta/";

    // The lists of a package's files are in it: those of the largest packages of headers have 10 MiB.
    private const int MaxBytes = 64 << 20;

    public string Name => "conda";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path)
    {
        int file = path.LastIndexOf('/') + 1;
        return path.EndsWith(".json", StringComparison.Ordinal)
            && path.AsSpan(0, file).EndsWith(Folder, StringComparison.Ordinal)
            && (file == Folder.Length || path[file - Folder.Length - 1] == '/');
    }

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            findings.Warn($"This record of conda has more than {MaxBytes} bytes and was not read.");
            return;
        }

        try
        {
            using HeldBody body = HeldBody.Take(content, entry.Size, findings.Cancellation);
            var record = CondaRecord.Read(body.Memory.Span);
            if (record is { Name.Length: > 0, Version.Length: > 0 })
            {
                findings.Add(new Package
                {
                    Type = PackageType.Conda,
                    Name = record.Name,
                    Version = record.Version,
                    Architecture = record.Subdir,
                    License = record.License,
                    Vendor = record.Channel,
                    Path = entry.Path,
                });
            }
            else
            {
                findings.Warn("This record of conda lacks the package's name or version.");
            }
        }
        catch (JsonException e)
        {
            findings.Warn($"This record of conda is no valid JSON (line {e.LineNumber + 1}).");
        }
    }
}
