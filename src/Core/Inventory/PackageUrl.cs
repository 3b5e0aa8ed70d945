using System.Text;

namespace ImageScan.Core.Inventory;

/// <summary>Names packages as package URLs (https://github.com/package-url/purl-spec).</summary>
public static class PackageUrl
{
    // ':' is never encoded, wherever it stands (purl-spec, "Character encoding").
    private const string Unencoded = "-._~:";

    /// <summary>
    /// The package URL: <c>pkg:deb/debian/curl@7.74.0-1?arch=amd64&amp;distro=debian-11</c>. Without a distribution, packages of the
    /// operating system have neither namespace nor distro.
    /// </summary>
    public static string Of(Package package, Distribution? distribution) => package.Type.PurlType switch
    {
        // The names of deb and apk are lower case by definition (types/deb-definition.json); those of npm keep their case, since old
        // packages differ by nothing else (types/npm-definition.json).
        "deb" => OfSystem("deb", package.Name.ToLowerInvariant(), package.Version, package, distribution),
        "apk" => OfSystem("apk", package.Name.ToLowerInvariant(), package.Version, package, distribution),
        "rpm" => OfRpm(package, distribution),
        "npm" => OfNpm(package),
        var type => $"pkg:{type}/{Encode(package.Name)}@{Encode(package.Version)}",
    };

    private static string OfRpm(Package package, Distribution? distribution)
    {
        // An rpm's epoch is a qualifier, not part of the version (types/rpm-definition.json).
        int colon = package.Version.IndexOf(':');
        string? epoch = colon > 0 ? package.Version[..colon] : null;
        return OfSystem("rpm", package.Name, package.Version[(colon + 1)..], package, distribution, epoch);
    }

    private static string OfSystem(string type, string name, string version, Package package, Distribution? distribution, string? epoch = null)
    {
        string space = distribution is { Id.Length: > 0 } ? $"{Encode(distribution.Id.ToLowerInvariant())}/" : "";
        string? distro = distribution switch
        {
            null or { Id.Length: 0 } => null,
            { VersionId.Length: 0 } => distribution.Id,
            _ => $"{distribution.Id}-{distribution.VersionId}",
        };

        // Qualifiers are sorted by key, and left out when empty.
        (string Key, string? Value)[] qualifiers = [("arch", package.Architecture), ("distro", distro), ("epoch", epoch)];
        string query = string.Join('&', qualifiers.Where(q => !string.IsNullOrEmpty(q.Value)).Select(q => $"{q.Key}={Encode(q.Value!)}"));
        return $"pkg:{type}/{space}{Encode(name)}@{Encode(version)}{(query.Length == 0 ? "" : "?" + query)}";
    }

    private static string OfNpm(Package package)
    {
        // The scope is the namespace, its @ always encoded.
        int slash = package.Name.StartsWith('@') ? package.Name.IndexOf('/') : -1;
        string space = slash > 0 ? $"{Encode(package.Name[..slash])}/" : "";
        return $"pkg:npm/{space}{Encode(package.Name[(slash + 1)..])}@{Encode(package.Version)}";
    }

    private static string Encode(string text)
    {
        if (text.All(IsUnencoded))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            _ = IsUnencoded((char)b) ? encoded.Append((char)b) : encoded.Append('%').Append(b.ToString("X2", null));
        }

        return encoded.ToString();
    }

    private static bool IsUnencoded(char c) => char.IsAsciiLetterOrDigit(c) || Unencoded.Contains(c, StringComparison.Ordinal);
}
