using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans;

/// <summary>What an image's name points at, and what is stored of it.</summary>
/// <param name="Descriptor">A manifest or an index, as the registry answered.</param>
/// <param name="Answer">The stored answer, up to date; null if the image must be read.</param>
public sealed record ScanTarget(Descriptor Descriptor, Scan? Answer);
