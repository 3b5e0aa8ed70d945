using ImageScan.Core.Images;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>One image that the load asks for.</summary>
internal sealed record LoadImage(MadeImage Image)
{
    /// <summary>Its full names; all are asked for.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether it is also scanned with force, which reads its layers again.</summary>
    public required bool MayBeForced { get; init; }

    /// <summary>The layer that its manifest lies about, so that it cannot be scanned; null if it is an honest one.</summary>
    public Digest? Lie { get; init; }

    public Digest Digest => Image.Manifest.Digest;
}
