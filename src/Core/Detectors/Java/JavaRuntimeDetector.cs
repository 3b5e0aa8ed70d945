using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// Reads the <c>release</c> file at the root of a Java runtime or development kit: lines of <c>KEY="VALUE"</c>
/// (https://github.com/openjdk/jdk/blob/master/make/ReleaseFile.gmk).
/// </summary>
public sealed class JavaRuntimeDetector : IPackageDetector
{
    private const int MaxLines = 200;

    public string Name => "java-runtime";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path.EndsWith("/release", StringComparison.Ordinal);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new TextLines(content);
        for (int i = 0; i < MaxLines && lines.TryRead(out ReadOnlySpan<byte> line); i++)
        {
            int equals = line.IndexOf((byte)'=');
            if (equals > 0)
            {
                values.TryAdd(TextLines.TextOf(line[..equals]), TextLines.TextOf(line[(equals + 1)..]).Trim('"'));
            }
        }

        // Other programs have files of this name too.
        if (values.GetValueOrDefault("JAVA_VERSION") is { Length: > 0 } version)
        {
            string? vendor = values.GetValueOrDefault("IMPLEMENTOR");
            findings.Add(new Package
            {
                Type = PackageType.Binary,
                Name = NameOf(values, vendor ?? ""),
                Version = version,
                Vendor = vendor,
                Path = entry.Path,
            });
        }
    }

    // The names of products under which the NVD files vulnerabilities of Java (https://nvd.nist.gov/products/cpe): oracle:jdk, oracle:jre,
    // azul:zulu, and oracle:openjdk for the builds of all others. Oracle's own build of OpenJDK says "Oracle Corporation" as well.
    private static string NameOf(Dictionary<string, string> values, string vendor)
    {
        if (vendor.StartsWith("Azul", StringComparison.OrdinalIgnoreCase))
        {
            return "zulu";
        }

        bool isCommercial = values.GetValueOrDefault("BUILD_TYPE") == "commercial";
        return !isCommercial ? "openjdk" : values.GetValueOrDefault("IMAGE_TYPE") == "JRE" ? "jre" : "jdk";
    }
}
