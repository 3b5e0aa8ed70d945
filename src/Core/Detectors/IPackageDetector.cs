using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors;

/// <summary>
/// Finds packages in the files of one layer. Stateless: it sees one file at a time, in any order, and knows no other layer. A detector that
/// needs a neighbour (dpkg's <c>.list</c>) wants that file too and lets the merge put both together.
/// </summary>
public interface IPackageDetector
{
    /// <summary>Short and stable: <c>dpkg</c>, <c>python</c>. Part of what is stored.</summary>
    string Name { get; }

    /// <summary>Raised by one whenever the same file would give another answer: then stored layers are read again.</summary>
    int Version { get; }

    /// <summary>
    /// The paths at which this detector's files always lie; a folder ends in a slash. What a link there leads to is said to be unread
    /// unless it was read. Empty for a detector that finds its files anywhere.
    /// </summary>
    IReadOnlyList<string> FixedPaths { get; }

    /// <summary>Whether to open the file at this path. Asked for every file of every image, so it only looks at the path.</summary>
    bool Wants(string path);

    /// <summary>
    /// Reads one wanted file. Limits are already applied to <paramref name="content"/>; what cannot be understood becomes
    /// <see cref="FileFindings.Warn"/>, never an exception.
    /// </summary>
    void Read(LayerEntry entry, Stream content, FileFindings findings);
}
