using System.Text.Json;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Php;

/// <summary>Reads the PHP packages that Composer has installed, from the list that it keeps in each <c>vendor</c> folder.</summary>
public sealed class ComposerDetector : IPackageDetector
{
    private const string List = "composer/installed.json";

    // An entry has about 3 KiB; the largest applications have some hundreds.
    private const int MaxBytes = 16 << 20;

    private static readonly string[] TestFolders = ["test", "tests", "fixture", "fixtures"];

    public string Name => "composer";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    // "vendor" may be called otherwise (https://getcomposer.org/doc/06-config.md#vendor-dir).
    public bool Wants(string path) =>
        path.EndsWith(List, StringComparison.Ordinal) && (path.Length == List.Length || path[^(List.Length + 1)] == '/') && !IsTestOfAPackage(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            findings.Warn($"This installed.json has more than {MaxBytes} bytes and was not read.");
            return;
        }

        try
        {
            using HeldBody body = HeldBody.Take(content, entry.Size, findings.Cancellation);
            InstalledJson.Read(body.Memory.Span, entry.Path, findings);
        }
        catch (JsonException e)
        {
            findings.Warn($"This installed.json is no valid JSON (line {e.LineNumber + 1}).");
        }
    }

    // Packages that work on the lists of Composer carry such lists among their tests: vendor/composer/composer/tests/….
    private static bool IsTestOfAPackage(string path)
    {
        string[] folders = path.Split('/');
        int vendor = Array.IndexOf(folders, "vendor");
        return vendor >= 0 && folders[(vendor + 1)..].Any(folder => TestFolders.Contains(folder, StringComparer.OrdinalIgnoreCase));
    }
}
