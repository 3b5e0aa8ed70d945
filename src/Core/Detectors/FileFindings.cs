using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors;

/// <summary>Takes what a detector finds in one file, and no more than is allowed.</summary>
/// <param name="path">The file.</param>
/// <param name="maxPackages">How many packages are taken; further ones are left out, with a warning.</param>
/// <param name="maxOwnedFiles">How many owned files are taken.</param>
/// <param name="keepsOwned">Which owned files matter: those that a detector would read. Null keeps all.</param>
/// <param name="maxPackageCharacters">How many characters of packages are taken.</param>
/// <param name="maxPathCharacters">How many characters of owned files are taken, counted by <see cref="InspectionLimits.CharactersOf"/>.</param>
/// <param name="keepsSums">Of which owned files the stated sums matter. Null keeps all.</param>
public sealed class FileFindings(
    string path,
    int maxPackages = int.MaxValue,
    int maxOwnedFiles = int.MaxValue,
    Func<string, bool>? keepsOwned = null,
    int maxPackageCharacters = int.MaxValue,
    int maxPathCharacters = int.MaxValue,
    Func<string, bool>? keepsSums = null)
{
    // Longer than any name or version in real life, and short enough for what is stored and shown.
    private const int MaxTextLength = 1024;
    private const int MaxArchitectureLength = 64;
    private const int MaxWarnings = 10;

    // Red Hat's images name a dozen.
    private const int MaxContentSets = 1000;

    private readonly List<Package> _packages = [];
    private readonly Dictionary<string, List<string>> _owned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FileSum>> _sums = new(StringComparer.Ordinal);
    private readonly List<LicenseClaim> _licenses = [];
    private readonly List<string> _contentSets = [];
    private readonly HashSet<string> _knownContentSets = new(StringComparer.Ordinal);
    private readonly List<InventoryWarning> _warnings = [];

    /// <summary>Ends what a detector may have to wait for, memory, when nobody wants the findings any more.</summary>
    public CancellationToken Cancellation { get; init; }

    public IReadOnlyList<Package> Packages => _packages;

    public IReadOnlyList<Ownership> Owned =>
    [
        .. _owned.Keys.Union(_sums.Keys, StringComparer.Ordinal).Select(owner =>
            new Ownership(owner, _owned.GetValueOrDefault(owner) ?? []) { Sums = _sums.GetValueOrDefault(owner) ?? [] }),
    ];

    public IReadOnlyList<LicenseClaim> Licenses => _licenses;

    public IReadOnlyList<string> ContentSets => _contentSets;

    /// <summary>Libraries that the file, a dynamic executable, asks for; null if it is none.</summary>
    public IReadOnlyList<string>? NeededLibraries { get; private set; }

    public IReadOnlyList<InventoryWarning> Warnings => _warnings;

    /// <summary>Characters of all its packages.</summary>
    public int PackageCharacters { get; private set; }

    /// <summary>How many owned files were kept, and sums of such.</summary>
    public int OwnedFiles { get; private set; }

    /// <summary>Characters of all owned files, needed libraries and content sets that were kept.</summary>
    public int PathCharacters { get; private set; }

    /// <summary>Whether something was left out for a limit of the layer, so that other limits, or another place in it, would give more.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>The MD5 of the file itself; null if nobody took it.</summary>
    internal string? Md5 { get; set; }

    /// <summary>The operating system that the file names; null if it names none.</summary>
    public DistributionClaim? Distribution { get; set; }

    /// <summary>Takes a package; false, with a warning, if it is too much or too long.</summary>
    public bool Add(Package package)
    {
        if (IsTooLong(package.Name) || IsTooLong(package.Version) || IsTooLong(package.SourceName) || IsTooLong(package.SourceVersion)
            || IsTooLong(package.Module))
        {
            Warn($"A package has a name or version of more than {MaxTextLength} characters; it is left out.");
            return false;
        }

        if (_packages.Count >= maxPackages)
        {
            WarnOfLimit($"Only {maxPackages} of its packages were taken: the layer has more than Limits__{nameof(InspectionLimits.LayerPackages)} allows.");
            return false;
        }

        return Keep(package with
        {
            License = IsTooLong(package.License) ? null : package.License,
            Vendor = IsTooLong(package.Vendor) ? null : package.Vendor,
            Architecture = package.Architecture?.Length > MaxArchitectureLength ? null : package.Architecture,
        });
    }

    /// <summary>Says that a package owns another file, by its path below the root; only those that a detector may open are kept.</summary>
    public void Own(string ownedPath, string owner)
    {
        if (keepsOwned?.Invoke(ownedPath) != false && TryTakeOwned(owner, InspectionLimits.CharactersOf(ownedPath)))
        {
            ListOf(_owned, owner).Add(ownedPath);
        }
    }

    /// <summary>States the MD5 of an owned file as it was packaged; only those of files that are compared are kept.</summary>
    public void State(string ownedPath, string owner, string md5)
    {
        if (keepsSums?.Invoke(ownedPath) != false && TryTakeOwned(owner, InspectionLimits.CharactersOf(ownedPath) + md5.Length))
        {
            ListOf(_sums, owner).Add(new FileSum(ownedPath, md5));
        }
    }

    /// <summary>States the licence of a package that another file names. Of several for one package the first counts.</summary>
    public void License(string owner, string license)
    {
        if (IsTooLong(owner) || IsTooLong(license))
        {
            return;
        }

        int characters = owner.Length + license.Length;
        if (characters > maxPackageCharacters - PackageCharacters)
        {
            WarnOfLimit($"The licence in it was left out: the layer has more text than Limits__{nameof(InspectionLimits.LayerPackageCharacters)} allows.");
            return;
        }

        PackageCharacters += characters;
        _licenses.Add(new LicenseClaim(owner, license));
    }

    /// <summary>Says that the file is a dynamic executable or a shared library, and what libraries it asks for.</summary>
    public void Needs(IReadOnlyList<string> libraries)
    {
        int characters = libraries.Sum(library => InspectionLimits.CharactersOf(library));
        if (characters > maxPathCharacters - PathCharacters)
        {
            WarnOfLimit($"The libraries it needs were left out: the layer has more text than Limits__{nameof(InspectionLimits.LayerPathCharacters)} allows.");
            return;
        }

        PathCharacters += characters;
        NeededLibraries = libraries;
    }

    /// <summary>Names a repository that the layer's packages are from.</summary>
    public void ContentSet(string name)
    {
        if (IsTooLong(name) || _knownContentSets.Contains(name))
        {
            return;
        }

        bool tooMany = _contentSets.Count >= MaxContentSets;
        if (tooMany || name.Length > maxPathCharacters - PathCharacters)
        {
            WarnOfLimit(tooMany
                ? $"Only {MaxContentSets} of the repositories it names were taken."
                : $"Not all repositories it names were taken: the layer has more text than Limits__{nameof(InspectionLimits.LayerPathCharacters)} allows.");
            return;
        }

        PathCharacters += name.Length;
        _knownContentSets.Add(name);
        _contentSets.Add(name);
    }

    /// <summary>Says what could not be read in this file.</summary>
    public void Warn(string reason)
    {
        if (_warnings.Count < MaxWarnings)
        {
            _warnings.Add(new InventoryWarning(path, reason));
        }
        else if (_warnings.Count == MaxWarnings)
        {
            _warnings.Add(new InventoryWarning(path, "There is more in this file that could not be read."));
        }
    }

    private bool TryTakeOwned(string owner, int characters)
    {
        bool tooMany = OwnedFiles >= maxOwnedFiles;
        if (tooMany || IsTooLong(owner) || characters > maxPathCharacters - PathCharacters)
        {
            string limit = tooMany ? nameof(InspectionLimits.LayerOwnedFiles) : nameof(InspectionLimits.LayerPathCharacters);
            WarnOfLimit(
                $"Only some of the files it owns were taken: the layer has more than Limits__{limit} allows. "
                + "Language packages that belong to the system may be reported.");
            return false;
        }

        PathCharacters += characters;
        OwnedFiles++;
        return true;
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string owner)
    {
        if (!lists.TryGetValue(owner, out List<T>? list))
        {
            lists[owner] = list = [];
        }

        return list;
    }

    private bool Keep(Package package)
    {
        int characters = package.Name.Length + package.Version.Length + (package.SourceName?.Length ?? 0) + (package.SourceVersion?.Length ?? 0)
            + (package.License?.Length ?? 0) + (package.Architecture?.Length ?? 0) + (package.Module?.Length ?? 0) + (package.Vendor?.Length ?? 0)
            + (package.InnerPath?.Length ?? 0);
        if (characters > maxPackageCharacters - PackageCharacters)
        {
            WarnOfLimit($"Not all of its packages were taken: the layer has more text than Limits__{nameof(InspectionLimits.LayerPackageCharacters)} allows.");
            return false;
        }

        PackageCharacters += characters;
        _packages.Add(package);
        return true;
    }

    private static bool IsTooLong(string? text) => text?.Length > MaxTextLength;

    private void WarnOfLimit(string reason)
    {
        IsCut = true;
        if (!_warnings.Exists(warning => warning.Reason == reason))
        {
            Warn(reason);
        }
    }
}
