using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors;

/// <summary>Takes what a detector finds in one file, and no more than is allowed.</summary>
/// <param name="path">The file.</param>
/// <param name="maxPackages">How many packages are taken; further ones are left out, with a warning.</param>
/// <param name="maxOwnedFiles">How many owned files are taken.</param>
/// <param name="keepsOwned">Which owned files matter: those that a detector would read. Null keeps all.</param>
/// <param name="maxPackageCharacters">How many characters of packages are taken.</param>
/// <param name="maxPathCharacters">How many characters of owned files are taken, counted by <see cref="InspectionLimits.CharactersOf"/>.</param>
public sealed class FileFindings(
    string path,
    int maxPackages = int.MaxValue,
    int maxOwnedFiles = int.MaxValue,
    Func<string, bool>? keepsOwned = null,
    int maxPackageCharacters = int.MaxValue,
    int maxPathCharacters = int.MaxValue)
{
    // Longer than any name or version in real life, and short enough for what is stored and shown.
    private const int MaxTextLength = 1024;
    private const int MaxArchitectureLength = 64;
    private const int MaxWarnings = 10;

    private readonly List<Package> _packages = [];
    private readonly List<string> _ownedFiles = [];
    private readonly List<InventoryWarning> _warnings = [];

    public IReadOnlyList<Package> Packages => _packages;

    public IReadOnlyList<string> OwnedFiles => _ownedFiles;

    public IReadOnlyList<InventoryWarning> Warnings => _warnings;

    /// <summary>Characters of all its packages.</summary>
    public int PackageCharacters { get; private set; }

    /// <summary>Characters of all owned files that were kept.</summary>
    public int PathCharacters { get; private set; }

    /// <summary>The operating system that the file names; null if it names none.</summary>
    public DistributionClaim? Distribution { get; set; }

    public void Add(Package package)
    {
        if (IsTooLong(package.Name) || IsTooLong(package.Version) || IsTooLong(package.SourceName) || IsTooLong(package.SourceVersion))
        {
            Warn($"A package has a name or version of more than {MaxTextLength} characters; it is left out.");
        }
        else if (_packages.Count >= maxPackages)
        {
            WarnOnce($"Only {maxPackages} of its packages were taken: the layer has more than Limits__{nameof(InspectionLimits.LayerPackages)} allows.");
        }
        else
        {
            Keep(package with
            {
                License = IsTooLong(package.License) ? null : package.License,
                Architecture = package.Architecture?.Length > MaxArchitectureLength ? null : package.Architecture,
            });
        }
    }

    /// <summary>Says that a package of this file owns another file, by its path below the root; only those that a detector reads are kept.</summary>
    public void Own(string ownedPath)
    {
        if (keepsOwned?.Invoke(ownedPath) == false)
        {
            return;
        }

        int characters = InspectionLimits.CharactersOf(ownedPath);
        bool tooMany = _ownedFiles.Count >= maxOwnedFiles;
        if (tooMany || characters > maxPathCharacters - PathCharacters)
        {
            string limit = tooMany ? nameof(InspectionLimits.LayerOwnedFiles) : nameof(InspectionLimits.LayerPathCharacters);
            WarnOnce(
                $"Only some of the files it owns were taken: the layer has more than Limits__{limit} allows. "
                + "Language packages that belong to the system may be reported.");
            return;
        }

        PathCharacters += characters;
        _ownedFiles.Add(ownedPath);
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

    private void Keep(Package package)
    {
        int characters = package.Name.Length + package.Version.Length + (package.SourceName?.Length ?? 0) + (package.SourceVersion?.Length ?? 0)
            + (package.License?.Length ?? 0) + (package.Architecture?.Length ?? 0);
        if (characters > maxPackageCharacters - PackageCharacters)
        {
            WarnOnce($"Not all of its packages were taken: the layer has more text than Limits__{nameof(InspectionLimits.LayerPackageCharacters)} allows.");
            return;
        }

        PackageCharacters += characters;
        _packages.Add(package);
    }

    private static bool IsTooLong(string? text) => text?.Length > MaxTextLength;

    private void WarnOnce(string reason)
    {
        if (!_warnings.Exists(warning => warning.Reason == reason))
        {
            Warn(reason);
        }
    }
}
