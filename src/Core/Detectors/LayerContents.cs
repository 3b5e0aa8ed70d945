using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors;

/// <summary>
/// Takes the entries of one layer's archive in their order and keeps what of them counts in the end: of two entries with one path the later,
/// and nothing below a folder that a later entry replaces.
/// </summary>
/// <param name="detectors">They are asked in this order.</param>
/// <param name="budget">What the files that are opened may take.</param>
/// <param name="limits">What is kept at most.</param>
/// <param name="recorder">Is told of every file that is read; null if nobody wants to know.</param>
/// <param name="cancellationToken">Ends waiting for memory.</param>
internal sealed class LayerContents(
    IReadOnlyList<IPackageDetector> detectors,
    CandidateBudget budget,
    InspectionLimits limits,
    BundleRecorder? recorder,
    CancellationToken cancellationToken)
{
    // What names a language package is a text of some kilobytes, or an archive.
    private const int MaxComparedBytes = 1 << 20;

    private readonly IPackageDetector[] _detectors = [.. detectors];
    private readonly string[] _fixedPaths = [.. detectors.SelectMany(detector => detector.FixedPaths)];
    private readonly PathTree<Found> _found = new();
    private readonly HashSet<ulong> _nonFolders = [];
    private readonly HashSet<ulong> _folders = [];
    private readonly HashSet<ulong> _withoutFindings = [];
    private readonly Dictionary<ulong, IPackageDetector> _skimmed = [];
    private readonly HashSet<string> _whiteouts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opaqueFolders = new(StringComparer.Ordinal);
    private readonly LayerAllowance _allowance = new(limits);

    /// <summary>
    /// Takes the next entry, and reads its content if a detector wants it. True if it is a wanted hard link: then its body is to be given to
    /// <see cref="TakeLinked"/> later.
    /// </summary>
    public bool Take(LayerEntry entry, Stream content)
    {
        ulong hash = PathSet.HashOf(entry.Path);
        switch (entry.Kind)
        {
            case LayerEntryKind.Whiteout:
                TakeHidden(_whiteouts, entry.Path);
                return false;
            case LayerEntryKind.OpaqueFolder:
                TakeHidden(_opaqueFolders, entry.Path);
                return false;
            case LayerEntryKind.Folder:
                _folders.Add(hash);
                if (_nonFolders.Remove(hash))
                {
                    _withoutFindings.Remove(hash);
                    _found.Remove(entry.Path);
                }

                return false;
            default:
                _nonFolders.Add(hash);
                _folders.Remove(hash);
                _withoutFindings.Remove(hash);
                _skimmed.Remove(hash);
                _found.Remove(entry.Path);
                return TakeNonFolder(entry, content);
        }
    }

    /// <summary>
    /// Takes the body of a hard link, unless an entry of another kind has taken its place later. To be called in the order of the links.
    /// </summary>
    public void TakeLinked(LayerEntry asFile, Stream content)
    {
        if (_found.Find(asFile.Path) is { IsHardLink: true } && DetectorOf(asFile) is { } detector)
        {
            Read(detector, asFile, content, isHardLink: true);
        }
    }

    /// <summary>Says why the body of a hard link was not found, unless that does not matter any more.</summary>
    public void WarnOfUnreadLink(string path, string reason)
    {
        if (_found.Find(path) is { IsAwaited: true })
        {
            Warn(path, reason);
        }
    }

    /// <summary>Says what is wrong with the layer, or with an entry of it.</summary>
    public void Warn(string path, string reason) => _allowance.Warn(path, reason);

    /// <summary>All that the layer says, once every entry was taken.</summary>
    public LayerInventory ToInventory()
    {
        (string Path, Found Found)[] found = [.. _found.All().OrderBy(item => item.Path, StringComparer.Ordinal)];
        foreach ((string path, Found item) in found.Where(item => item.Found.IsAwaited))
        {
            // Its body was not found, but it stands in the place of the file that a lower layer has there.
            item.File = new FileInventory(path, FirstWanting(path)?.Name ?? "");
        }

        var nonFolders = PathSet.OfHashes(_nonFolders);
        SymbolicLink[] links = [.. found.Select(item => item.Found.Link).OfType<SymbolicLink>().Where(link => MayMatter(link, nonFolders))];
        foreach (SymbolicLink link in links)
        {
            CheckText(link.Path, link.Target);
        }

        return new LayerInventory
        {
            DetectorsVersion = PackageDetectors.VersionsOf(_detectors),
            Files = [.. found.Select(item => item.Found.File).OfType<FileInventory>()],
            Whiteouts = [.. _whiteouts.Order(StringComparer.Ordinal)],
            OpaqueFolders = [.. _opaqueFolders.Order(StringComparer.Ordinal)],
            Links = links,
            NonFolders = nonFolders,
            Folders = PathSet.OfHashes(_folders),
            ReadWithoutFindings = PathSet.OfHashes(_withoutFindings),
            Warnings = _allowance.Warnings(found.SelectMany(item => item.Found.Warnings)),
        };
    }

    private void TakeHidden(HashSet<string> hidden, string path)
    {
        if (!hidden.Contains(path) && _allowance.TryTakeWhiteout(path))
        {
            hidden.Add(path);
        }
    }

    private bool TakeNonFolder(LayerEntry entry, Stream content)
    {
        if (entry.Kind == LayerEntryKind.SymbolicLink)
        {
            TakeLink(entry);
            return false;
        }

        if (entry.Kind == LayerEntryKind.Other || DetectorOf(entry) is not { } detector)
        {
            return false;
        }

        CheckText(entry.Path, entry.LinkTarget);
        if (entry.Kind == LayerEntryKind.HardLink)
        {
            if (detector.Skims && IsKnown(entry.LinkTarget!, entry.Path, detector))
            {
                TakeAgain(detector, entry);
                return false;
            }

            return TryKeep(entry.Path, new Found { IsHardLink = true, IsAwaited = true });
        }

        if (detector.Skims)
        {
            _skimmed[PathSet.HashOf(entry.Path)] = detector;
        }

        Read(detector, entry, content, isHardLink: false);
        return false;
    }

    // Two names that are no text may be one path here. That matters only where packages are looked for.
    private void CheckText(string path, string? linkTarget)
    {
        if (path.Contains('\uFFFD') || linkTarget?.Contains('\uFFFD') == true)
        {
            Warn(path, "The name or link is not UTF-8 text; what cannot be read stands as U+FFFD.");
        }
    }

    // What a detector has read need not be read under another name, and a link to a symbolic link is one too.
    private bool IsKnown(string target, string path, IPackageDetector detector) =>
        _skimmed.TryGetValue(PathSet.HashOf(target), out IPackageDetector? reader)
            ? reader == detector && !detector.TellsMoreAt(path, target)
            : _found.Find(target)?.Link is not null;

    private void TakeLink(LayerEntry entry)
    {
        if (!_allowance.TryTakeLink())
        {
            return;
        }

        string[] wanted = Array.FindAll(_fixedPaths, path => path.StartsWith(entry.Path, StringComparison.Ordinal)
            && (path.Length == entry.Path.Length || path[entry.Path.Length] == '/'));
        if (wanted.Length == 0 && FirstWanting(entry.Path) is { Skims: false })
        {
            wanted = [entry.Path];
        }
        else if (wanted.Length == 0 && Array.Exists(_detectors, detector => detector.LooksIn(entry.Path)))
        {
            wanted = [entry.Path + '/'];
        }

        // A target is only text: it makes no folders.
        TryKeep(entry.Path, new Found { Link = new SymbolicLink(entry.Path, entry.LinkTarget ?? "") { Wanted = wanted } }, entry.LinkTarget?.Length ?? 0);
    }

    // What was found at a path that is too much, is not kept. The path stays among the non-folders, so no lower layer's file shows there.
    private bool TryKeep(string path, Found found, int moreCharacters = 0)
    {
        if (!_allowance.TryTakePath(InspectionLimits.CharactersOf(path) + moreCharacters))
        {
            return false;
        }

        _found.Set(path, found);
        return true;
    }

    private void Read(IPackageDetector detector, LayerEntry file, Stream content, bool isHardLink) =>
        Keep(detector, file.Path, isHardLink, findings =>
        {
            if (!detector.Skims && !budget.TryAdmit(file, out string refusal))
            {
                findings.Warn(refusal);
                return false;
            }

            try
            {
                ReadInto(findings, detector, file, content);
            }
            catch (Exception fault) when (IsOfDetector(fault))
            {
                findings.Warn($"Not all of this file was read: the {detector.Name} detector met something that it did not expect ({fault.GetType().Name}).");
            }

            return true;
        });

    private void ReadInto(FileFindings findings, IPackageDetector detector, LayerEntry file, Stream content)
    {
        if (KeptFindings.TryRepeat(content, detector, findings))
        {
            return;
        }

        content = recorder?.Watch(detector, file, content, findings) ?? content;
        if (detector.Skims || file.Size > MaxComparedBytes)
        {
            detector.Read(file, content, findings);
            return;
        }

        findings.Md5 = ContentSum.Of(content, summed => detector.Read(file, summed, findings));
    }

    // No detector may throw for any bytes. If one does, the rest of the image is not to be lost for it; what the blob's stream throws is the layer's.
    private static bool IsOfDetector(Exception fault) =>
        fault is ArgumentException or ArithmeticException or FormatException or IndexOutOfRangeException or InvalidCastException or NullReferenceException
            or KeyNotFoundException or NotSupportedException or System.Xml.XmlException or (InvalidOperationException and not ObjectDisposedException);

    // Reading says whether the file was opened at all.
    private void Keep(IPackageDetector detector, string path, bool isHardLink, Func<FileFindings, bool> read)
    {
        // A hard link has its place already, from when its body was asked for.
        int place = isHardLink ? 0 : InspectionLimits.CharactersOf(path);
        if (!_allowance.TryTakePath(place))
        {
            return;
        }

        FileFindings findings = _allowance.FindingsOf(path, IsRead, IsCompared, cancellationToken);
        bool opened = true;
        try
        {
            opened = read(findings);
        }
        finally
        {
            // Also when the archive breaks off in the middle of the file: what stood before that is true.
            Found found = FoundIn(findings, detector, path, isUnread: !opened, isHardLink);
            if (found.File is null && !detector.Skims)
            {
                _withoutFindings.Add(PathSet.HashOf(path));
            }

            if (isHardLink || found.File is not null || found.Warnings.Count > 0)
            {
                _found.Set(path, found);
            }
            else
            {
                _allowance.ReturnPath(place);
            }
        }
    }

    private Found FoundIn(FileFindings findings, IPackageDetector detector, string path, bool isUnread, bool isHardLink)
    {
        _allowance.Take(findings);
        bool matters = isUnread
            || findings.Packages.Count + findings.OwnedFiles + findings.Licenses.Count + findings.ContentSets.Count > 0
            || findings.Distribution is not null
            || findings.NeededLibraries is not null
            || detector.FixedPaths.Contains(path);
        var inventory = new FileInventory(path, detector.Name)
        {
            Packages = findings.Packages,
            Distribution = findings.Distribution,
            Owned = findings.Owned,
            Md5 = findings.Packages.Any(package => package.Type.IsLanguage) ? findings.Md5 : null,
            Licenses = findings.Licenses,
            NeededLibraries = findings.NeededLibraries,
            ContentSets = findings.ContentSets,
        };
        return new Found
        {
            File = matters ? inventory : null,
            Warnings = [.. findings.Warnings.Where(_ => _allowance.MayWarn())],
            IsHardLink = isHardLink,
        };
    }

    // A hard link is another name of a file that was read already, where its detector looks at content alone.
    private void TakeAgain(IPackageDetector detector, LayerEntry link)
    {
        if (_skimmed.ContainsKey(PathSet.HashOf(link.LinkTarget!)))
        {
            _skimmed[PathSet.HashOf(link.Path)] = detector;
        }

        if (_found.Find(link.LinkTarget!)?.File is { } target && target.Detector == detector.Name)
        {
            Keep(detector, link.Path, isHardLink: false, findings =>
            {
                foreach (Package package in target.Packages)
                {
                    // A million links to a file of many packages must not cost more than the packages that are kept.
                    if (!findings.Add(package with { Path = link.Path }))
                    {
                        break;
                    }
                }

                if (target.NeededLibraries is { } libraries)
                {
                    findings.Needs(libraries);
                }

                return true;
            });
        }
    }

    private IPackageDetector? DetectorOf(LayerEntry entry)
    {
        foreach (IPackageDetector detector in _detectors)
        {
            if (detector.Wants(entry.Path) && detector.Opens(entry))
            {
                return detector;
            }
        }

        return null;
    }

    private IPackageDetector? FirstWanting(string path) => Array.Find(_detectors, detector => detector.Wants(path));

    private bool IsRead(string path) => FirstWanting(path) is not null;

    private bool IsCompared(string path) => FirstWanting(path) is { Skims: false };

    // Most links name a file beside them (libz.so.1 -> libz.so.1.3). Those lead to no package unless a detector looks at the link itself.
    private bool MayMatter(SymbolicLink link, PathSet nonFolders)
    {
        if (link.Wanted.Count > 0)
        {
            return true;
        }

        string target = link.TargetPath();
        return !nonFolders.Contains(target) || _found.Find(target)?.Link is not null;
    }

    /// <summary>What counts at one path.</summary>
    private sealed class Found
    {
        public FileInventory? File { get; set; }

        public SymbolicLink? Link { get; init; }

        public bool IsHardLink { get; init; }

        /// <summary>Whether it is a hard link whose body was not read yet.</summary>
        public bool IsAwaited { get; init; }

        public IReadOnlyList<InventoryWarning> Warnings { get; init; } = [];
    }
}
