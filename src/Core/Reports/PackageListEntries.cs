using ImageScan.Core.Inventory;

namespace ImageScan.Core.Reports;

/// <summary>Gathers a <see cref="PackageList"/>.</summary>
/// <param name="name">What packages say they were found in unless they know better.</param>
/// <param name="maxPackages">How many there may be.</param>
internal sealed class PackageListEntries(string name, int maxPackages)
{
    private readonly List<Package> _packages = [];
    private readonly HashSet<Package> _known = [];
    private readonly HashSet<Distribution> _distributions = [];
    private readonly SortedDictionary<string, int> _unread = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>The operating system that the list itself names.</summary>
    public Distribution? Distribution { get; set; }

    public void Skip(string reason) => _unread[reason] = _unread.GetValueOrDefault(reason) + 1;

    public void AddUrl(string url)
    {
        if (Read(url) is { } package)
        {
            Add(package);
        }
    }

    /// <summary>The package that a URL names, not yet added; null, and counted, if it cannot be used.</summary>
    public Package? Read(string url)
    {
        if (!PackageUrlReader.TryRead(url, name, out NamedPackage? named, out string reason))
        {
            Skip(reason);
            return null;
        }

        if (named.Distribution is { } distribution)
        {
            _distributions.Add(distribution);
        }

        return named.Package;
    }

    /// <summary>Adds a package. Throws <see cref="FormatException"/> once there are too many.</summary>
    public void Add(Package package)
    {
        if (_packages.Count == maxPackages)
        {
            throw new FormatException($"The list has more than {maxPackages} packages.");
        }

        if (_known.Add(package))
        {
            _packages.Add(package);
        }
    }

    public PackageList ToList() => new(_packages, Distribution ?? (_distributions.Count == 1 ? _distributions.Single() : null), _unread);
}
