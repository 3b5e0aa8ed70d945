namespace ImageScan.Core.Detectors;

/// <summary>
/// How much of one layer is kept; part of the section <c>Limits</c> of the settings, beside those of the archive itself. What is beyond is
/// left out with a warning.
/// </summary>
public sealed record InspectionLimits
{
    /// <summary>Packages of one layer: 100,000. The fullest desktop images have some thousands.</summary>
    public int LayerPackages { get; init; } = 100_000;

    /// <summary>Files of language packages that packages of the system own, and sums that these state of them, in one layer: 100,000.</summary>
    public int LayerOwnedFiles { get; init; } = 100_000;

    /// <summary>Symbolic links that may lead to folders, in one layer: 50,000.</summary>
    public int LayerLinks { get; init; } = 50_000;

    /// <summary>Whiteouts and opaque folders of one layer: 200,000; more than any base image has files.</summary>
    public int LayerWhiteouts { get; init; } = 200_000;

    /// <summary>
    /// Characters of the paths that are kept of one layer (files with findings, links and where they lead, whiteouts, owned files): 16 Mi.
    /// A name in a path counts as 8 at least, since even the shortest folder takes memory.
    /// </summary>
    public int LayerPathCharacters { get; init; } = 16 << 20;

    /// <summary>Characters of the names, versions, sources and licences of the packages of one layer: 32 Mi; 100,000 usual packages have 10.</summary>
    public int LayerPackageCharacters { get; init; } = 32 << 20;

    /// <summary>Warnings of one layer: 200; whoever reads them needs no more to see that the layer is broken.</summary>
    public int LayerWarnings { get; init; } = 200;

    /// <summary>What a path takes of <see cref="LayerPathCharacters"/>.</summary>
    internal static int CharactersOf(ReadOnlySpan<char> path)
    {
        const int LeastOfAName = 8;
        int characters = 0;
        foreach (Range name in path.Split('/'))
        {
            characters += Math.Max(path[name].Length + 1, LeastOfAName);
        }

        return characters;
    }
}
