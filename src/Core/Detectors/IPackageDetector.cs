using ImageScan.Core.Inventory;
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

    /// <summary>Whether to open this file. Asked for every file of every image, so it only looks at the entry.</summary>
    bool Wants(LayerEntry entry);

    /// <summary>
    /// Reads one wanted file. Limits are already applied to <paramref name="content"/>; what cannot be understood becomes
    /// <see cref="FileFindings.Warn"/>, never an exception.
    /// </summary>
    void Read(LayerEntry entry, Stream content, FileFindings findings);
}

/// <summary>Takes what a detector finds in one file.</summary>
public sealed class FileFindings(string path)
{
    private readonly List<Package> _packages = [];
    private readonly List<string> _ownedFiles = [];
    private readonly List<InventoryWarning> _warnings = [];

    public IReadOnlyList<Package> Packages => _packages;

    public IReadOnlyList<string> OwnedFiles => _ownedFiles;

    public IReadOnlyList<InventoryWarning> Warnings => _warnings;

    /// <summary>The operating system that the file names; null if it names none.</summary>
    public Distribution? Distribution { get; set; }

    public void Add(Package package) => _packages.Add(package);

    /// <summary>Says that a package of this file owns another file; only language metadata files are kept.</summary>
    public void Own(string ownedPath) => _ownedFiles.Add(ownedPath);

    /// <summary>Says what could not be read in this file.</summary>
    public void Warn(string reason) => _warnings.Add(new InventoryWarning(path, reason));
}
