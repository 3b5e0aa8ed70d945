using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Inventory;

/// <summary>
/// A kind of package, and all that the rest of the house has to know of it. The kinds there are stand here, in the order in which they are
/// listed; a new one is one entry.
/// </summary>
[JsonConverter(typeof(StoredName))]
public sealed class PackageType
{
    private static readonly List<PackageType> Known = [];

    private PackageType(string name)
    {
        Name = name;
        Place = Known.Count;
        Known.Add(this);
    }

    // Every release of a distribution orders its versions alike, so the names of orders need no release.
    public static PackageType Dpkg { get; } = new("dpkg") { PurlType = "deb", VersionOrder = "Debian" };

    public static PackageType Apk { get; } = new("apk") { PurlType = "apk", VersionOrder = "Alpine" };

    public static PackageType Rpm { get; } = new("rpm") { PurlType = "rpm", VersionOrder = "Red Hat" };

    /// <summary>Packages of pacman.</summary>
    public static PackageType Alpm { get; } = new("alpm") { PurlType = "alpm", VersionOrder = "Arch" };

    /// <summary>Packages of opkg, whose versions are ordered as dpkg's (https://git.openwrt.org/project/opkg-lede.git, libopkg/pkg.c).</summary>
    public static PackageType Opkg { get; } = new("opkg") { PurlType = "opkg", VersionOrder = "Debian" };

    public static PackageType Npm { get; } = new("npm") { IsLanguage = true, PurlType = "npm", Ecosystem = "npm", LocationPrefix = "nodejs" };

    public static PackageType Python { get; } = new("python") { IsLanguage = true, PurlType = "pypi", Ecosystem = "PyPI", LocationPrefix = "python" };

    /// <summary>Packages of conda. They are mended in conda's own builds, of which nobody keeps advisories.</summary>
    public static PackageType Conda { get; } = new("conda") { IsLanguage = true, PurlType = "conda", VersionOrder = "conda", LocationPrefix = "conda" };

    /// <summary>Java archives; the name is <c>group:artifact</c>, or the artifact alone where the group is not known.</summary>
    public static PackageType Maven { get; } = new("maven") { IsLanguage = true, PurlType = "maven", Ecosystem = "Maven", LocationPrefix = "maven" };

    public static PackageType Gem { get; } = new("gem") { IsLanguage = true, PurlType = "gem", Ecosystem = "RubyGems", LocationPrefix = "ruby" };

    /// <summary>Go modules; the standard library is <c>stdlib</c>.</summary>
    public static PackageType Go { get; } = new("go") { IsLanguage = true, PurlType = "golang", Ecosystem = "Go", LocationPrefix = "go" };

    public static PackageType NuGet { get; } = new("nuget") { IsLanguage = true, PurlType = "nuget", Ecosystem = "NuGet", LocationPrefix = "dotnet" };

    public static PackageType Cargo { get; } = new("cargo") { IsLanguage = true, PurlType = "cargo", Ecosystem = "crates.io", LocationPrefix = "cargo" };

    public static PackageType Composer { get; } = new("composer")
    {
        IsLanguage = true,
        PurlType = "composer",
        Ecosystem = "Packagist",
        LocationPrefix = "composer",
    };

    /// <summary>R packages.</summary>
    public static PackageType Cran { get; } = new("cran") { IsLanguage = true, PurlType = "cran", Ecosystem = "CRAN", LocationPrefix = "cran" };

    /// <summary>WordPress itself (<c>wordpress</c>), its plugins (<c>plugin/NAME</c>) and themes (<c>theme/NAME</c>).</summary>
    public static PackageType WordPress { get; } = new("wordpress")
    {
        IsLanguage = true,
        PurlType = "generic",
        VersionOrder = "WordPress",
        LocationPrefix = "wordpress",
    };

    public static PackageType Bitnami { get; } = new("bitnami") { IsLanguage = true, PurlType = "bitnami", Ecosystem = "Bitnami", LocationPrefix = "bitnami" };

    /// <summary>A program whose version is known from nothing but its own bytes or headers, as it was built or unpacked by hand.</summary>
    public static PackageType Binary { get; } = new("binary") { IsLanguage = true, PurlType = "generic", VersionOrder = "generic", LocationPrefix = "binary" };

    /// <summary>All of them, in their order.</summary>
    public static IReadOnlyList<PackageType> All => Known;

    /// <summary>The type of that <see cref="Name"/>; null if there is none.</summary>
    public static PackageType? Named(string? name) => Known.Find(type => type.Name == name);

    /// <summary>Stored and shown: <c>npm</c>.</summary>
    public string Name { get; }

    /// <summary>Its place in the order of types.</summary>
    public int Place { get; }

    /// <summary>
    /// Whether its packages are not those of the operating system. Such are kept apart where a package of the system owns their files, and the
    /// same name twice at two paths means two installations.
    /// </summary>
    public bool IsLanguage { get; private init; }

    /// <summary>The type in a package URL (https://github.com/package-url/purl-spec).</summary>
    public string PurlType { get; private init; } = "generic";

    /// <summary>
    /// What OSV calls it (https://ossf.github.io/osv-schema/#defined-ecosystems); null for packages of the system, whose ecosystem is their
    /// distribution, and where there are no advisories.
    /// </summary>
    public string? Ecosystem { get; private init; }

    /// <summary>Whose order its versions have, as <see cref="Versions.VersionSchemes.For"/> knows it.</summary>
    public string VersionOrder
    {
        get => field ?? Ecosystem ?? "";
        private init;
    }

    /// <summary>What StackRox writes before a location to say whose it is; "" for the system. Without the colon.</summary>
    public string LocationPrefix { get; private init; } = "";

    public override string ToString() => Name;

    /// <summary>Stored by its name; a name that this version does not know makes the document unreadable.</summary>
    internal sealed class StoredName : JsonConverter<PackageType>
    {
        public override PackageType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string? name = reader.GetString();
            return Named(name) ?? throw new JsonException($"There is no type of package called '{name}'.");
        }

        public override void Write(Utf8JsonWriter writer, PackageType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
    }
}
