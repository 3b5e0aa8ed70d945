using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>Lets one detector read one file.</summary>
internal static class Detection
{
    public static FileFindings Read(IPackageDetector detector, string path, string text) => Read(detector, path, Encoding.UTF8.GetBytes(text));

    public static FileFindings Read(IPackageDetector detector, string path, byte[] content)
    {
        var entry = new LayerEntry(path, LayerEntryKind.File, content.Length);
        Assert.True(detector.Wants(path), $"{detector.Name} does not want {path}.");
        var findings = new FileFindings(path);
        detector.Read(entry, new MemoryStream(content), findings);
        return findings;
    }

    public static string[] OwnedPaths(this FileFindings findings) => [.. findings.Owned.SelectMany(owned => owned.Paths)];

    public static FileFindings ReadTestData(IPackageDetector detector, string path, string file) =>
        Read(detector, path, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Detectors", "TestData", file)));
}
