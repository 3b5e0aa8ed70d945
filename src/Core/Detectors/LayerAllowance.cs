using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors;

/// <summary>How much of one layer may still be kept, and the warnings that say what was not.</summary>
internal sealed class LayerAllowance(InspectionLimits limits)
{
    private readonly HashSet<InventoryWarning> _generalWarnings = [];
    private int _packages;
    private int _ownedFiles;
    private int _whiteouts;
    private int _links;
    private int _pathCharacters;
    private int _packageCharacters;
    private int _warnings;
    private int _warningsLeftOut;

    /// <summary>Says what is wrong with the layer, or with an entry of it.</summary>
    public void Warn(string path, string reason)
    {
        var warning = new InventoryWarning(path, reason);
        if (!_generalWarnings.Contains(warning) && MayWarn())
        {
            _generalWarnings.Add(warning);
        }
    }

    /// <summary>Whether there is room for one more warning; if so, it is taken, else the warning is counted among those left out.</summary>
    public bool MayWarn()
    {
        if (_warnings < limits.LayerWarnings)
        {
            _warnings++;
            return true;
        }

        _warningsLeftOut++;
        return false;
    }

    /// <summary>All warnings of the layer: those of its files, the general ones, and how many were left out.</summary>
    public IReadOnlyList<InventoryWarning> Warnings(IEnumerable<InventoryWarning> ofFiles)
    {
        IEnumerable<InventoryWarning> warnings = ofFiles.Concat(_generalWarnings);
        return
        [
            .. _warningsLeftOut == 0
                ? warnings
                : warnings.Append(new InventoryWarning("", $"There are {_warningsLeftOut} more warnings about this layer.")),
        ];
    }

    /// <summary>Takes room for a whiteout or an opaque folder; false, with a warning, if there is none.</summary>
    public bool TryTakeWhiteout(string path)
    {
        if (_whiteouts >= limits.LayerWhiteouts)
        {
            WarnOfLimit("There are more whiteouts", nameof(limits.LayerWhiteouts), limits.LayerWhiteouts, "packages that the others remove may be reported");
            return false;
        }

        if (!TryTakePath(InspectionLimits.CharactersOf(path)))
        {
            return false;
        }

        _whiteouts++;
        return true;
    }

    /// <summary>Counts a symbolic link; false, with a warning, if there is no room for it. Its path is to be taken apart from that.</summary>
    public bool TryTakeLink()
    {
        if (_links >= limits.LayerLinks)
        {
            WarnOfLimit("There are more symbolic links", nameof(limits.LayerLinks), limits.LayerLinks, "packages behind the others may be missing");
            return false;
        }

        _links++;
        return true;
    }

    /// <summary>Takes room for so many characters of paths; false, with a warning, if there is none.</summary>
    public bool TryTakePath(int characters)
    {
        if (characters > limits.LayerPathCharacters - _pathCharacters)
        {
            WarnOfLimit(
                "Its paths have more characters",
                nameof(limits.LayerPathCharacters),
                limits.LayerPathCharacters,
                "what lies at the others may be missing or wrong");
            return false;
        }

        _pathCharacters += characters;
        return true;
    }

    /// <summary>Gives back what <see cref="TryTakePath"/> took for a path that is not kept.</summary>
    public void ReturnPath(int characters) => _pathCharacters -= characters;

    /// <summary>Room for what a detector finds in a file; what it found is to be told to <see cref="Take"/>.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="isRead">Whether some detector reads the file at a path.</param>
    /// <param name="isCompared">Whether the file at a path is held against what its package states of it.</param>
    /// <param name="cancellationToken"><see cref="FileFindings.Cancellation"/>.</param>
    public FileFindings FindingsOf(
        string path, Func<string, bool> isRead, Func<string, bool> isCompared, CancellationToken cancellationToken) => new(
        path,
        limits.LayerPackages - _packages,
        limits.LayerOwnedFiles - _ownedFiles,
        isRead,
        limits.LayerPackageCharacters - _packageCharacters,
        limits.LayerPathCharacters - _pathCharacters,
        isCompared)
        {
            Cancellation = cancellationToken,
        };

    /// <summary>Takes the room of what was found in a file.</summary>
    public void Take(FileFindings findings)
    {
        _packages += findings.Packages.Count;
        _ownedFiles += findings.OwnedFiles;
        _packageCharacters += findings.PackageCharacters;
        _pathCharacters += findings.PathCharacters;
    }

    private void WarnOfLimit(string what, string limit, int allowed, string consequence) =>
        Warn("", $"{what} than Limits__{limit} allows ({allowed}); {consequence}.");
}
