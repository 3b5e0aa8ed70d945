using System.Text.RegularExpressions;

namespace ImageScan.Benchmarks;

/// <summary>A package in terms in which all scanners can be compared.</summary>
/// <param name="Type">A type of package URLs, or <c>binary</c> and <c>runtime</c>.</param>
/// <param name="Name">As its ecosystem compares it.</param>
/// <param name="Version">With its epoch, without a leading v where that is an ornament.</param>
internal sealed partial record Component(string Type, string Name, string Version)
{
    /// <summary>Where it was found, as far as the scanner says; not compared.</summary>
    public string Place { get; init; } = "";

    public (string, string, string) Key => (Type, Name, Version);

    /// <summary>Whether this is a Go package of that module, where a scanner names packages instead of modules.</summary>
    public bool IsPartOf(Component module) => Type == "golang" && module.Type == Type && Version == module.Version
        && Name.StartsWith(module.Name, StringComparison.Ordinal) && Name[module.Name.Length..].StartsWith('/');

    /// <summary>Null for types that are no packages.</summary>
    public static Component? Of(string type, string name, string version) => type switch
    {
        "deb" or "apk" or "rpm" => new Component(type, name, WithoutZeroEpoch(version)),
        "pip" or "pypi" or "python" => new Component("pypi", Separators().Replace(name, "-").ToLowerInvariant(), version),
        "go" or "gomodules" or "golang" => new Component("golang", name, WithoutV(version)),
        "nuget" => new Component("nuget", name.ToLowerInvariant(), version),
        "composer" => new Component("composer", name.ToLowerInvariant(), WithoutV(version)),
        "cargo" or "rustbinary" => new Component("cargo", name, version),
        "rubygems" or "gem" => new Component("gem", name, version),
        "" or "oci" => null,
        _ => new Component(type, name, version),
    };

    /// <summary>Of <c>pkg:type/namespace/name@version?qualifiers#path</c> (https://github.com/package-url/purl-spec).</summary>
    public static Component? OfPurl(string purl)
    {
        if (Purl().Match(purl) is not { Success: true } match)
        {
            return null;
        }

        string type = match.Groups["type"].Value;
        string space = Uri.UnescapeDataString(match.Groups["space"].Value);
        string name = Uri.UnescapeDataString(match.Groups["name"].Value);
        string version = Uri.UnescapeDataString(match.Groups["version"].Value);
        string path = match.Groups["path"].Value;
        return type switch
        {
            "deb" or "apk" or "rpm" => Of(type, name, Epoch().Match(purl) is { Success: true } epoch ? $"{epoch.Groups[1].Value}:{version}" : version),
            "maven" => Of(type, space.Length == 0 ? name : $"{space}:{name}", version),
            "golang" => Of(type, string.Join('/', new[] { space, name, path }.Where(part => part.Length > 0)), version),
            _ => Of(type, space.Length == 0 ? name : $"{space}/{name}", version),
        };
    }

    private static string WithoutZeroEpoch(string version) => version.StartsWith("0:", StringComparison.Ordinal) ? version[2..] : version;

    private static string WithoutV(string version) => version.StartsWith('v') ? version[1..] : version;

    // https://peps.python.org/pep-0503/#normalized-names
    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"^pkg:(?<type>[^/]+)/(?:(?<space>[^?#]*)/)?(?<name>[^/@?#]+)(?:@(?<version>[^?#]*))?(?:\?[^#]*)?(?:#(?<path>.*))?$")]
    private static partial Regex Purl();

    [GeneratedRegex(@"[?&]epoch=(\d+)")]
    private static partial Regex Epoch();
}
