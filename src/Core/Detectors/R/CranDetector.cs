using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.R;

/// <summary>
/// Reads installed R packages from the <c>DESCRIPTION</c> at the root of each
/// (https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file).
/// </summary>
public sealed class CranDetector : IPackageDetector
{
    public string Name => "cran";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path.EndsWith("/DESCRIPTION", StringComparison.Ordinal);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string package = "", version = "", license = "", priority = "";
        bool isBuilt = false;
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line) && !line.IsEmpty)
        {
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
            {
                continue;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..];
            switch (Encoding.UTF8.GetString(line[..colon]))
            {
                case "Package": package = TextLines.TextOf(value); break;
                case "Version": version = TextLines.TextOf(value); break;
                case "License": license = TextLines.TextOf(value); break;
                case "Priority": priority = TextLines.TextOf(value); break;
                case "Built": isBuilt = true; break;
            }
        }

        // R adds Built when it installs; sources, and files of others that are called so, lack it. Those of priority base are R itself.
        if (isBuilt && priority != "base" && package.Length > 0 && version.Length > 0)
        {
            findings.Add(new Package
            {
                Type = PackageType.Cran,
                Name = package,
                Version = version,
                License = license.Length == 0 ? null : license,
                Path = entry.Path,
            });
        }
    }
}
