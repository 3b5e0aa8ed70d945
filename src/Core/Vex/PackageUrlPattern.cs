using System.Diagnostics.CodeAnalysis;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vex;

/// <summary>
/// A package URL by which a statement names software (https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst). It means every
/// package of its type, namespace and name that has its version and its qualifiers; what it leaves out may be anything, as in
/// https://github.com/openvex/go-vex/blob/main/pkg/vex/vex.go (PurlMatches).
/// </summary>
public sealed class PackageUrlPattern
{
    // Types whose namespace and name are in lower case, by their definitions (https://github.com/package-url/purl-spec/tree/main/types).
    private static readonly HashSet<string> LowerCase =
        ["alpm", "apk", "bitbucket", "bitnami", "composer", "deb", "github", "golang", "hex", "oci", "pypi"];

    // What tools add to tell apart, or to trace back, what is the same package: Syft's package-id, the source of Syft and Trivy.
    private static readonly HashSet<string> Unidentifying = ["package-id", "upstream"];

    private PackageUrlPattern(string type, string space, string name, string version, Dictionary<string, string> qualifiers) =>
        (Type, Namespace, Name, Version, Qualifiers) = (type, space, name, version, qualifiers);

    /// <summary>In lower case.</summary>
    public string Type { get; }

    /// <summary>Decoded, its parts joined by slashes; "" if there is none.</summary>
    public string Namespace { get; }

    public string Name { get; }

    /// <summary>"" means every version.</summary>
    public string Version { get; }

    /// <summary>By key in lower case, those without a value left out.</summary>
    public IReadOnlyDictionary<string, string> Qualifiers { get; }

    /// <summary>Whether it is of an image, and not of a package in one.</summary>
    public bool IsOfImage => Type is "oci" or "docker";

    /// <summary>
    /// Reads one; false if it is none, or names a part of a package by a subpath: no finding is about a part.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageUrlPattern? pattern)
    {
        pattern = null;
        if (text.Length > PackageUrlReader.MaxCharacters || !text.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase)
            || text.Contains('#', StringComparison.Ordinal) || Uri.UnescapeDataString(text).Any(char.IsControl))
        {
            return false;
        }

        string[] halves = text[4..].Split('?', 2);
        string body = halves[0].Trim('/');
        int at = body.LastIndexOf('@');

        // The @ of a scope that was not encoded stands before a slash.
        at = at > body.LastIndexOf('/') ? at : -1;
        string[] parts = [.. (at < 0 ? body : body[..at]).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (parts.Length < 2 || parts.Any(part => part.Length == 0))
        {
            return false;
        }

        string type = parts[0].ToLowerInvariant();
        Dictionary<string, string> qualifiers = QualifiersOf(halves.Length > 1 ? halves[1] : "");
        pattern = new PackageUrlPattern(
            type,
            Normal(type, string.Join('/', parts[1..^1]), isName: false),
            Normal(type, parts[^1], isName: true),
            VersionOf(type, at < 0 ? "" : Uri.UnescapeDataString(body[(at + 1)..]), qualifiers),
            qualifiers);
        return true;
    }

    /// <summary>Whether it means a package, which must have a version.</summary>
    public bool Matches(PackageUrlPattern package) =>
        IsSameName(package)
        && (Version.Length == 0 || Version == package.Version)
        && Qualifiers.All(qualifier => Unidentifying.Contains(qualifier.Key) || HasQualifier(package, qualifier.Key, qualifier.Value));

    /// <summary>Whether type, namespace and name are those of another.</summary>
    public bool IsSameName(PackageUrlPattern other) => Type == other.Type && Namespace == other.Namespace && Name == other.Name;

    private static bool HasQualifier(PackageUrlPattern package, string key, string wanted)
    {
        string? has = package.Qualifiers.GetValueOrDefault(key);
        return key switch
        {
            // debian-12 of os-release is debian-12.5 of debian_version, by which Trivy calls it.
            "distro" => has is not null && IsSameRelease(has, wanted),

            // No epoch is the epoch 0 (https://github.com/package-url/purl-spec/blob/main/types/rpm-definition.json).
            "epoch" => (has ?? "0") == wanted,

            // A jar is what is meant without a type (https://github.com/package-url/purl-spec/blob/main/types/maven-definition.json).
            "type" when package.Type == "maven" => (has ?? "jar") == wanted,
            _ => has == wanted,
        };
    }

    private static bool IsSameRelease(string left, string right) => left == right
        || left.StartsWith($"{right}.", StringComparison.Ordinal)
        || right.StartsWith($"{left}.", StringComparison.Ordinal);

    private static string Normal(string type, string text, bool isName) => type switch
    {
        "pypi" when isName => PythonName.Normalize(text),
        "rpm" when !isName => text.ToLowerInvariant(),
        _ => LowerCase.Contains(type) ? text.ToLowerInvariant() : text,
    };

    private static string VersionOf(string type, string version, Dictionary<string, string> qualifiers)
    {
        // Trivy writes the epoch of a deb as it is written of an rpm.
        if (type == "deb" && qualifiers.Remove("epoch", out string? epoch) && epoch != "0" && !version.Contains(':', StringComparison.Ordinal))
        {
            return version.Length > 0 ? $"{epoch}:{version}" : version;
        }

        // Modules of Go have a v in front that databases leave out.
        return type == "golang" && version.Length > 1 && version[0] == 'v' && char.IsAsciiDigit(version[1]) ? version[1..] : version;
    }

    private static Dictionary<string, string> QualifiersOf(string text)
    {
        var qualifiers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = pair.Split('=', 2);
            if (halves.Length == 2 && halves[1].Length > 0)
            {
                qualifiers.TryAdd(halves[0].ToLowerInvariant(), Uri.UnescapeDataString(halves[1]));
            }
        }

        return qualifiers;
    }
}
