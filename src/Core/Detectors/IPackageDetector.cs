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

    /// <summary>
    /// Whether a folder at this path is one in which its files lie. Asked for links: what such a one leads to is said to be unread unless
    /// something there was read.
    /// </summary>
    bool LooksIn(string folder) => false;

    /// <summary>
    /// Whether it bounds its own reading: it looks at a few bytes of most files that it opens, so their sizes are not taken off the layer's
    /// budget, and a hard link to a file that it has read counts as that file, unless <see cref="TellsMoreAt"/> says otherwise.
    /// </summary>
    bool Skims => false;

    /// <summary>
    /// Whether a file may tell more at this path than at another one at which it was read. Asked for hard links where <see cref="Skims"/>: each
    /// yes has the layer walked once more.
    /// </summary>
    bool TellsMoreAt(string path, string readPath) => false;

    /// <summary>
    /// Whether the file at this path may be one to open. Asked for every file of every image, so it only looks at the path; asked for the files
    /// of system packages too, of which only those that a detector may open are remembered.
    /// </summary>
    bool Wants(string path);

    /// <summary>
    /// Whether to open a file at a wanted path, by what its entry says; a hard link's says no size. If not, the next detector that wants the path
    /// is asked.
    /// </summary>
    bool Opens(LayerEntry entry) => true;

    /// <summary>
    /// Reads one wanted file. Limits are already applied to <paramref name="content"/>; what cannot be understood becomes
    /// <see cref="FileFindings.Warn"/>, never an exception. Throws what <paramref name="content"/> throws, and
    /// <see cref="OperationCanceledException"/> by <see cref="FileFindings.Cancellation"/>.
    /// </summary>
    void Read(LayerEntry entry, Stream content, FileFindings findings);
}
