using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.DotNet;

/// <summary>Reads what .NET applications, tools and shared frameworks are made of from their <c>NAME.deps.json</c>.</summary>
public sealed class DotNetDetector : IPackageDetector
{
    // Those of large web applications have half a MiB.
    private const int MaxBytes = 8 << 20;

    public string Name => "dotnet";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path.EndsWith(".deps.json", StringComparison.Ordinal);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            findings.Warn($"This .deps.json has more than {MaxBytes} bytes and was not read.");
            return;
        }

        using HeldBody body = HeldBody.Take(content, entry.Size, findings.Cancellation);
        DepsJson.Read(body.Memory.Span, entry.Path, findings);
    }
}
