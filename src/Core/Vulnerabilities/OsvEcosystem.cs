using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>Where a package comes from, in OSV's words: <c>npm</c>, <c>Debian:11</c>, <c>Ubuntu:22.04:LTS</c>.</summary>
/// <param name="Name">Before the first colon.</param>
/// <param name="Release">After it; "" if there is none.</param>
public readonly record struct OsvEcosystem(string Name, string Release)
{
    // The distributions of https://ossf.github.io/osv-schema/#affectedpackage-field, with Amazon's and Oracle's, and whether a record of one
    // must name a release: without it a version of one release is held against the fixes of another
    // (https://github.com/google/osv.dev/issues/4230).
    private static readonly Dictionary<string, bool> Distributions = new(StringComparer.Ordinal)
    {
        ["AlmaLinux"] = true,
        ["Alpaquita"] = true,
        ["Alpine"] = true,
        ["Amazon Linux"] = true,
        ["Azure Linux"] = true,
        ["BellSoft Hardened Containers"] = true,
        ["Chainguard"] = false,
        ["CleanStart"] = false,
        ["Debian"] = true,
        ["DHI"] = false,
        ["Docker Hardened Images"] = false,
        ["Echo"] = false,
        ["Mageia"] = true,
        ["MinimOS"] = false,
        ["openEuler"] = true,
        ["openSUSE"] = true,
        ["Oracle Linux"] = true,
        ["Photon OS"] = true,
        ["Red Hat"] = true,
        ["Rocky Linux"] = true,
        ["Root"] = true,
        ["SUSE"] = true,
        ["TuxCare"] = true,
        ["Ubuntu"] = true,
        ["Wolfi"] = false,
    };

    /// <summary>The ecosystems of languages that installed packages can be of.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [.. PackageType.All.Select(type => type.Ecosystem).OfType<string>().Distinct(StringComparer.Ordinal)];

    public bool IsDistribution => Distributions.ContainsKey(Name);

    /// <summary>Whether it is a distribution with releases, but names none: nothing can be matched by it.</summary>
    public bool LacksRelease => Release.Length == 0 && Distributions.GetValueOrDefault(Name);

    /// <summary>
    /// A release of Debian as Freexian goes on mending it for its customers (https://www.freexian.com/lts/extended/), kept apart as Ubuntu's records
    /// do with Pro: <c>Debian:ELTS:9</c>.
    /// </summary>
    public static OsvEcosystem ExtendedDebian(string release) => new("Debian", "ELTS:" + release);

    public static OsvEcosystem Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new OsvEcosystem(text, "") : new OsvEcosystem(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The one spelling under which a package name of this ecosystem is filed and looked up.</summary>
    public string Normalize(string packageName) => Name switch
    {
        "PyPI" => PythonName.Normalize(packageName),
        // Package URLs of Go are in lower case (https://github.com/package-url/purl-spec/blob/main/types/golang-definition.json), and no two
        // modules with advisories differ by case alone.
        "Go" => packageName.ToLowerInvariant(),
        // Their registries take names in any case.
        "NuGet" or "Packagist" => packageName.ToLowerInvariant(),
        _ => packageName,
    };

    public override string ToString() => Release.Length == 0 ? Name : $"{Name}:{Release}";
}
