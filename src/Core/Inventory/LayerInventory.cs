namespace ImageScan.Core.Inventory;

/// <summary>
/// All that one layer says about packages, independent of the image it is in: made once, kept under the layer's digest, merged with
/// others to an <see cref="ImageInventory"/>.
/// </summary>
public sealed record LayerInventory
{
    /// <summary>Which detectors, in which versions, made this; another value means the layer must be read again.</summary>
    public required string DetectorsVersion { get; init; }

    /// <summary>
    /// The files in which a detector found something, a database also when it is empty, and files that should have been read and were
    /// not; ordered by path, ordinal.
    /// </summary>
    public required IReadOnlyList<FileInventory> Files { get; init; }

    /// <summary>Paths of lower layers that this layer removes.</summary>
    public required IReadOnlyList<string> Whiteouts { get; init; }

    /// <summary>Folders whose lower content this layer hides; "" is the root.</summary>
    public required IReadOnlyList<string> OpaqueFolders { get; init; }

    /// <summary>Symbolic links that may stand for a folder or for a wanted file, in any layer.</summary>
    public required IReadOnlyList<SymbolicLink> Links { get; init; }

    /// <summary>Every entry that is no folder: whatever lower layers have at and below such a path is gone.</summary>
    public required PathSet NonFolders { get; init; }

    /// <summary>
    /// Every entry that is a folder: a file or link of lower layers at such a path is gone. Not every archive has entries for its folders.
    /// </summary>
    public PathSet Folders { get; init; } = PathSet.Empty;

    /// <summary>Files that a detector has read to find nothing in them. Those that are opened for their first bytes alone are not among them.</summary>
    public PathSet ReadWithoutFindings { get; init; } = PathSet.Empty;

    /// <summary>What could not be read, and why; each makes the scan a partial one.</summary>
    public required IReadOnlyList<InventoryWarning> Warnings { get; init; }

    /// <summary>How many packages its files name.</summary>
    public int CountPackages() => Files.Sum(file => file.Packages.Count);
}

/// <summary>What one detector found in one file.</summary>
public sealed record FileInventory(string Path, string Detector)
{
    public IReadOnlyList<Package> Packages { get; init; } = [];

    /// <summary>The operating system that the file names; null if it names none.</summary>
    public DistributionClaim? Distribution { get; init; }

    /// <summary>
    /// Files that packages of the system own, as far as a detector reads them: language packages in them are no packages of their own.
    /// </summary>
    public IReadOnlyList<Ownership> Owned { get; init; } = [];

    /// <summary>Licences that this file states for packages which another file names.</summary>
    public IReadOnlyList<LicenseClaim> Licenses { get; init; } = [];

    /// <summary>
    /// Of the file's content, in lower-case hexadecimal digits; null for a file that names no language package, and for a large one. To be held
    /// against <see cref="Ownership.Sums"/>.
    /// </summary>
    public string? Md5 { get; init; }

    /// <summary>Libraries that a dynamic executable asks for, as it names them; null if the file is none.</summary>
    public IReadOnlyList<string>? NeededLibraries { get; init; }

    /// <summary>Names of the Red Hat repositories that the layer's packages are from, as its content manifest says.</summary>
    public IReadOnlyList<string> ContentSets { get; init; } = [];
}

/// <summary>Files of a package of the system.</summary>
/// <param name="Owner">The package's name.</param>
/// <param name="Paths">Below the root, as its list has them: folders in them may be links.</param>
public sealed record Ownership(string Owner, IReadOnlyList<string> Paths)
{
    /// <summary>What the package states of its files as they were packaged, of those that may name a language package.</summary>
    public IReadOnlyList<FileSum> Sums { get; init; } = [];
}

/// <summary>The MD5 that a package states of one of its files: only that tells whether the file is still the package's.</summary>
/// <param name="Path">Below the root, as the package has it.</param>
/// <param name="Md5">In lower-case hexadecimal digits.</param>
public sealed record FileSum(string Path, string Md5);

/// <summary>A licence that is stated apart from the package's own record, as Debian's copyright files do.</summary>
/// <param name="Owner">The package's name.</param>
/// <param name="License">The licence as stated.</param>
public sealed record LicenseClaim(string Owner, string License);

/// <summary>A symbolic link.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Target">The text it points to, as written.</param>
public sealed record SymbolicLink(string Path, string Target)
{
    /// <summary>
    /// What a detector looks for at this link or by way of it: a file, or, ending in a slash, a folder. If nobody read it where the link
    /// leads, the merge says so.
    /// </summary>
    public IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>Where the text points to, below the root, if no folder on the way is a link; "" is the root.</summary>
    public string TargetPath()
    {
        var names = new List<string>(Target.StartsWith('/') ? [] : Path.Split('/')[..^1]);
        foreach (string name in Target.Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return string.Join('/', names);
    }
}

/// <summary>Something that could not be read or told: what, where and why, in one sentence for people.</summary>
/// <param name="Path">The file, or "" when it is about the layer or the image as a whole.</param>
/// <param name="Reason">One sentence.</param>
public sealed record InventoryWarning(string Path, string Reason);
