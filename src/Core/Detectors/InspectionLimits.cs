namespace ImageScan.Core.Detectors;

/// <summary>
/// How much of one layer is kept; part of the section <c>Limits</c> of the settings, beside those of the archive itself. What is beyond is
/// left out with a warning.
/// </summary>
public sealed record InspectionLimits
{
    /// <summary>Packages of one layer: 100,000. The fullest desktop images have some thousands.</summary>
    public int LayerPackages { get; init; } = 100_000;

    /// <summary>Files of language packages that packages of the system own, in one layer: 100,000.</summary>
    public int LayerOwnedFiles { get; init; } = 100_000;

    /// <summary>Symbolic links that may lead to folders, in one layer: 50,000.</summary>
    public int LayerLinks { get; init; } = 50_000;

    /// <summary>Warnings of one layer: 200; whoever reads them needs no more to see that the layer is broken.</summary>
    public int LayerWarnings { get; init; } = 200;
}
