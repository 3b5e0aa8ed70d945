using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// Finds Maven packages in Java archives, also in those within archives and those shaded into others: by Maven's own files in them, else by
/// manifest, place and name of the archive.
/// </summary>
public sealed class JavaArchiveDetector : IPackageDetector
{
    private readonly JavaArchiveLimits _limits;

    public JavaArchiveDetector()
        : this(new JavaArchiveLimits())
    {
    }

    internal JavaArchiveDetector(JavaArchiveLimits limits) => _limits = limits;

    public string Name => "java";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => JavaArchiveNames.Is(path);

    public bool Opens(LayerEntry entry) => entry.Kind == LayerEntryKind.HardLink || entry.Size > 0;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        // The first bytes tell whether the rest is worth to be held.
        Span<byte> start = stackalloc byte[JavaArchiveNames.StartLength];
        start = start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (!JavaArchiveNames.MayBe(entry.Path, start))
        {
            return;
        }

        using HeldBody body = HeldBody.Take(start, content, entry.Size, findings.Cancellation);
        using var reading = new ArchiveReading(entry.Path, entry.Size, findings, _limits);
        reading.Read(body.Memory);
    }
}
