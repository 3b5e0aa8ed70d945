using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>
/// Which of Red Hat's products the packages of an image are of, so that only what is said about these is held against them: one package has
/// builds of its own in every minor release that is maintained longer and in many layered products
/// (https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/#product-identification).
/// </summary>
/// <param name="inventory">The image, with the repositories that its layers name.</param>
/// <param name="release">The major release of Enterprise Linux: <c>9</c>.</param>
/// <param name="cpesOf">The products of a repository; empty for an unknown one.</param>
/// <param name="covered">The ecosystems about which there are advisories: others need not be looked up for every package.</param>
internal sealed partial class RedHatScope(
    ImageInventory inventory, string release, Func<string, IReadOnlyList<string>> cpesOf, IReadOnlySet<string> covered)
{
    private const int NamedRepositories = 3;
    private const int ShownNameLength = 100;

    // Of all repositories the one with the most has 26 (https://security.access.redhat.com/data/metrics/repository-to-cpe.json), and every package is
    // looked up in each product.
    private const int MaxProducts = 100;

    // Enterprise Linux 8 and later have their packages in two main repositories; from 10 on products do not tell them apart, but minor releases
    // (https://redhatproductsecurity.github.io/security-data-guidelines/cpe/#rhel-10-cpes).
    private const int FirstWithChannels = 8;
    private const int FirstWithMinorReleases = 10;

    private readonly int _number = int.TryParse(release, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    private readonly Dictionary<int, Products> _ofLayers = [];
    private readonly List<InventoryWarning> _warnings = [];
    private readonly Products?[] _ofRepositories = new Products?[inventory.ContentSets.Count];
    private Products? _default;

    /// <summary>
    /// The ecosystems of the repositories that the layer's packages are from. Layers without a list have that of the nearest below, from which
    /// their package manager had its settings; Red Hat's base images have theirs in the layer above the packages. Without any list, the main
    /// repositories of the release. Called for every package, so remembered for each layer.
    /// </summary>
    public IReadOnlyList<OsvEcosystem> EcosystemsOf(InstalledPackage installed) => ProductsOf(installed.Layer).Own;

    /// <summary>
    /// Where a package is from a minor release that is maintained longer, the ecosystems of the release's main stream, else none: to be asked about
    /// vulnerabilities that <see cref="EcosystemsOf"/> has nothing about. Red Hat says there what it has not mended in the longer stream
    /// (https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/#cpe-matching-logic).
    /// </summary>
    public IReadOnlyList<OsvEcosystem> MainStreamOf(InstalledPackage installed) => ProductsOf(installed.Layer).MainStream;

    /// <summary>Layers whose repositories nobody knows; complete once all packages have been asked for.</summary>
    public IReadOnlyList<InventoryWarning> Warnings() => _warnings;

    private Products ProductsOf(int layer)
    {
        if (!_ofLayers.TryGetValue(layer, out Products? products))
        {
            _ofLayers[layer] = products = NearestTo(layer) is { } place ? _ofRepositories[place] ??= Read(inventory.ContentSets[place]) : Default();
        }

        return products;
    }

    private int? NearestTo(int layer)
    {
        (int Place, int Layer)[] named = [.. inventory.ContentSets.Select((sets, place) => (place, sets.Layer)).OrderBy(sets => sets.Layer)];
        (int Place, int Layer)[] below = [.. named.TakeWhile(sets => sets.Layer <= layer)];
        return below.Length > 0 ? below[^1].Place : named.Length > 0 ? named[0].Place : null;
    }

    private Products Read(LayerContentSets repositories)
    {
        var products = new List<OsvEcosystem>();
        var unknown = new List<string>();
        foreach (string name in repositories.Names)
        {
            OsvEcosystem[] ofName = ProductsOf(name);
            products.AddRange(ofName);
            unknown.AddRange(ofName.Length == 0 ? [name] : []);
        }

        if (products.Count == 0)
        {
            IEnumerable<string> shown = unknown.Take(NamedRepositories).Select(name => name.Length > ShownNameLength ? name[..ShownNameLength] + "…" : name);
            string more = unknown.Count > NamedRepositories ? $" and {unknown.Count - NamedRepositories} more" : "";
            _warnings.Add(new InventoryWarning(
                "",
                $"The repositories of layer {repositories.Layer + 1} are not known ({string.Join(", ", shown)}{more}): "
                + $"its packages were matched as if from the main ones of Red Hat Enterprise Linux {release}."));
            return Default();
        }

        OsvEcosystem[] distinct = [.. OfMinor(products, inventory.Distribution?.VersionId ?? "").Distinct()];
        if (distinct.Length > MaxProducts)
        {
            _warnings.Add(new InventoryWarning(
                "",
                $"The repositories of layer {repositories.Layer + 1} are of {distinct.Length} products, more than any real image's: its packages were matched "
                + $"as of {MaxProducts} of them."));
            distinct = [.. distinct.OrderByDescending(RedHatProduct.IsEnterpriseLinux).Take(MaxProducts)];
        }

        return Covered(distinct);
    }

    // Image builds append the release to names of repositories: "__8" is none of Red Hat's (https://github.com/aquasecurity/trivy-db/issues/435),
    // "__9_DOT_2" is, and means that minor release alone.
    private OsvEcosystem[] ProductsOf(string repository)
    {
        OsvEcosystem[] products = Parsed(repository);
        if (products.Length == 0 && AppendedRelease().Match(repository) is { Success: true } appended)
        {
            string minor = appended.Groups[2].Success ? $"{appended.Groups[1].Value}.{appended.Groups[2].Value}" : "";
            string plain = repository[..appended.Index];
            products = OfMinor(Parsed(plain), minor);
            repository = plain;
        }

        // Those of the main stream say themselves what they are, also where the list of repositories is missing or lacks them.
        return products.Length == 0 && MainRepository().Match(repository) is { Success: true } main && main.Groups[1].Value == release
            ? MainProducts()
            : products;
    }

    private OsvEcosystem[] Parsed(string repository) => [.. cpesOf(repository).Select(RedHatProduct.EcosystemOf).OfType<OsvEcosystem>()];

    // A repository of minor releases that are maintained longer names all of them that there ever were; an image is of one.
    private static OsvEcosystem[] OfMinor(IReadOnlyList<OsvEcosystem> products, string minor)
    {
        bool isNamed = products.Any(product => RedHatProduct.IsLongerStream(product) && RedHatProduct.VersionOf(product) == minor);
        return [.. products.Where(product => !isNamed || !RedHatProduct.IsLongerStream(product) || RedHatProduct.VersionOf(product) == minor)];
    }

    private Products Default() => _default ??= Covered(MainProducts());

    private Products Covered(IReadOnlyList<OsvEcosystem> products)
    {
        bool isOfMain = products.Any(product => RedHatProduct.IsEnterpriseLinux(product) && !RedHatProduct.IsLongerStream(product));
        bool isLonger = products.Any(RedHatProduct.IsLongerStream);
        // Whoever is in the main stream gets what any of its minor releases brings.
        return new Products(
            Widened(isOfMain && _number >= FirstWithMinorReleases ? [.. products, .. MainProducts()] : products),
            isLonger && !isOfMain ? Widened(MainProducts()) : []);
    }

    private OsvEcosystem[] Widened(IEnumerable<OsvEcosystem> products) =>
    [
        .. products.SelectMany(RedHatProduct.Siblings).SelectMany(RedHatProduct.Within).Distinct().Where(ecosystem => covered.Contains(ecosystem.ToString())),
    ];

    // What repository-to-cpe.json says of rhel-9-for-x86_64-baseos-rpms and -appstream-rpms, and of rhel-7-server-rpms and -extras-rpms.
    private OsvEcosystem[] MainProducts()
    {
        string main = $"{RedHatProduct.EcosystemName}:enterprise_linux:{release}";
        return _number switch
        {
            < FirstWithChannels => [OsvEcosystem.Parse($"{main}::server"), OsvEcosystem.Parse($"{RedHatProduct.EcosystemName}:rhel_extras_other:{release}")],
            < FirstWithMinorReleases => [OsvEcosystem.Parse($"{main}::baseos"), OsvEcosystem.Parse($"{main}::appstream")],
            _ =>
            [
                OsvEcosystem.Parse(main),
                .. covered.Where(ecosystem => ecosystem.StartsWith(main + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                    .Select(OsvEcosystem.Parse),
            ],
        };
    }

    [GeneratedRegex("""__(\d{1,3})(?:_DOT_(\d{1,3}))?$""", RegexOptions.CultureInvariant)]
    private static partial Regex AppendedRelease();

    // Those of the free base images (ubi-9-baseos-rpms) have a part of the same packages.
    [GeneratedRegex("""^(?:rhel|ubi)-(\d{1,3})-(?:for-[a-z0-9_]{1,20}-)?(?:baseos|appstream|server)-rpms$""", RegexOptions.CultureInvariant)]
    private static partial Regex MainRepository();

    /// <param name="Own">Of the repositories that the packages are from.</param>
    /// <param name="MainStream">Of the main stream, where none of those is.</param>
    private sealed record Products(IReadOnlyList<OsvEcosystem> Own, IReadOnlyList<OsvEcosystem> MainStream);
}
