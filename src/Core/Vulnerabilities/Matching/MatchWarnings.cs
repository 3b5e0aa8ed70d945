using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>What could not be told of packages, and is said instead of guessed.</summary>
/// <param name="idOf">The id of an advisory by its number.</param>
internal sealed class MatchWarnings(Func<int, string> idOf)
{
    private const int NamedAdvisories = 3;
    private const int ShownVersionLength = 80;
    private const int MaxWarnings = 500;

    private readonly List<InventoryWarning> _warnings = [];
    private readonly SortedDictionary<string, int> _packagesWithoutOrder = new(StringComparer.Ordinal);
    private int _leftOut;

    /// <summary>Notes what could not be told of a package.</summary>
    public void Add(Package package, PackageMatch match)
    {
        string ecosystem = match.NoOrder || match.Untold.Count > 0 ? match.Key.Ecosystem.ToString() : "";
        if (match.NoOrder)
        {
            _packagesWithoutOrder[ecosystem] = _packagesWithoutOrder.GetValueOrDefault(ecosystem) + 1;
        }

        if (match.Untold.Count == 0)
        {
            return;
        }

        if (_warnings.Count >= MaxWarnings)
        {
            _leftOut++;
            return;
        }

        string ids = string.Join(", ", match.Untold.Take(NamedAdvisories).Select(idOf));
        string more = match.Untold.Count > NamedAdvisories ? $" and {match.Untold.Count - NamedAdvisories} more" : "";
        string version = match.Key.Version.Length > ShownVersionLength ? match.Key.Version[..ShownVersionLength] + "…" : match.Key.Version;
        _warnings.Add(new InventoryWarning(
            package.Path,
            $"Cannot tell whether {package.Name} {version} is affected by {ids}{more}: its version or theirs is no version of {ecosystem}."));
    }

    public IEnumerable<InventoryWarning> All()
    {
        IEnumerable<InventoryWarning> withoutOrder = _packagesWithoutOrder.Select(count => new InventoryWarning(
            "",
            $"Cannot tell whether {count.Value} packages of {count.Key} with advisories are affected: its order of versions is not known here."));
        IEnumerable<InventoryWarning> leftOut = _leftOut == 0 ? [] :
            [new InventoryWarning("", $"Of {_leftOut} more packages it cannot be told whether they are affected by an advisory.")];
        return [.. _warnings, .. withoutOrder, .. leftOut];
    }
}
