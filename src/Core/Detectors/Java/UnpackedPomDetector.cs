using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// Reads Maven's <c>META-INF/maven/GROUP/ARTIFACT/pom.properties</c> where an archive lies unpacked: web applications in a server's folder, the
/// layers of Spring Boot.
/// </summary>
public sealed class UnpackedPomDetector : IPackageDetector
{
    private const int MaxBytes = 64 << 10;

    public string Name => "java-unpacked";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) =>
        path.EndsWith("/pom.properties", StringComparison.Ordinal)
        && (path.StartsWith("META-INF/maven/", StringComparison.Ordinal) || path.Contains("/META-INF/maven/", StringComparison.Ordinal));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        byte[] text = new byte[(int)Math.Min(entry.Size, MaxBytes)];
        int length = content.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (PomProperties.Read(text.AsSpan(0, length), entry.Path[..(entry.Path.LastIndexOf('/') + 1)]) is not { } coordinates)
        {
            findings.Warn("This description of a Maven package lacks its group, artifact or version.");
            return;
        }

        findings.Add(new Package { Type = PackageType.Maven, Name = coordinates.Name, Version = coordinates.Version, Path = entry.Path });
    }
}
