using ImageScan.Core.Inventory;

namespace ImageScan.Core.Reports;

/// <summary>What a list of packages, or a bill of materials, names.</summary>
/// <param name="Packages">In the order of the list, each once.</param>
/// <param name="Distribution">The operating system, if the list names one, or all its packages name the same.</param>
/// <param name="Unread">How many entries could not be used, by reason, ordered.</param>
public sealed record PackageList(IReadOnlyList<Package> Packages, Distribution? Distribution, IReadOnlyDictionary<string, int> Unread)
{
    // With fewer it may be so: many packages have the name of their source.
    private const int SomeOfTheSystem = 10;

    /// <summary>What is to be said of the entries that could not be used, and of what the list does not say.</summary>
    public IEnumerable<InventoryWarning> Warnings
    {
        get
        {
            foreach ((string reason, int count) in Unread)
            {
                yield return new InventoryWarning("", $"{count} {(count == 1 ? "entry was" : "entries were")} left out: {reason}.");
            }

            int system = Packages.Count(package => !package.Type.IsLanguage);
            if (system >= SomeOfTheSystem && Packages.All(package => package.SourceName is null))
            {
                yield return new InventoryWarning(
                    "",
                    $"None of {system} packages of the system says what source it was built from (upstream= in its package URL): advisories that "
                    + "distributions file under the names of sources were looked up by the names of packages.");
            }
        }
    }

    /// <summary>The list as an image of one layer.</summary>
    public ImageInventory ToInventory(Distribution? distribution) => new()
    {
        Distribution = distribution ?? Distribution,
        Packages = [.. Packages.Select(package => new InstalledPackage(package, 0))],
        Warnings = [.. Warnings],
    };
}
