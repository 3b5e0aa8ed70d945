using System.Text;

namespace ImageScan.Core.Inventory;

/// <summary>
/// Names packages as package URLs (https://github.com/package-url/purl-spec): <c>pkg:type/namespace/name@version?qualifiers</c>. Only
/// qualifiers are used that the definition of a type (<c>types/TYPE-definition.json</c> there) names.
/// </summary>
public static class PackageUrl
{
    // ':' is never encoded, wherever it stands (purl-spec, "Character encoding").
    private const string Unencoded = "-._~:";

    /// <summary>
    /// The package URL: <c>pkg:deb/debian/curl@7.74.0-1?arch=amd64&amp;distro=debian-11</c>. Without a distribution, packages of the
    /// operating system have neither namespace nor distro. Types that the specification does not list have the form of its <c>generic</c>.
    /// </summary>
    public static string Of(Package package, Distribution? distribution)
    {
        (string space, string name) = NameOf(package);
        return package.Type.IsLanguage
            ? Compose(package.Type.PurlType, space, name, package.Version, QualifiersOf(package, distribution))
            : OfSystem(package, name, distribution);
    }

    /// <summary>
    /// The package's name as a package URL divides it: <c>@angular</c> and <c>core</c>, <c>org.slf4j</c> and <c>slf4j-api</c>; the
    /// namespace is "" where there is none. In lower case where the definition of the type says so.
    /// </summary>
    public static (string Namespace, string Name) NameOf(Package package) => package.Type.PurlType switch
    {
        "npm" when package.Name.StartsWith('@') => SplitAt(package.Name, package.Name.IndexOf('/')),
        "maven" => SplitAt(package.Name, package.Name.IndexOf(':')),
        "golang" or "composer" => SplitAt(package.Name.ToLowerInvariant(), package.Name.LastIndexOf('/')),
        // Names of npm keep their case, since old packages differ by nothing else.
        "deb" or "apk" or "alpm" or "bitnami" => ("", package.Name.ToLowerInvariant()),
        // plugin/NAME, theme/NAME: of WordPress, which "generic" must be told.
        "generic" when package.Type == PackageType.WordPress && package.Name.LastIndexOf('/') is >= 0 and var slash =>
            SplitAt($"wordpress/{package.Name}", "wordpress/".Length + slash),
        _ => ("", package.Name),
    };

    /// <summary>
    /// The package URL of an image, by its digest alone as the definition wants it, and where it was found.
    /// </summary>
    /// <param name="digest">The manifest's digest, <c>sha256:…</c>.</param>
    /// <param name="repository">Registry and repository, <c>docker.io/library/debian</c>; "" if it came from none.</param>
    /// <param name="tag">The tag; "" if there is none.</param>
    /// <param name="architecture">The architecture, <c>amd64</c>.</param>
    public static string OfImage(string digest, string repository, string tag, string architecture) => Compose(
        "oci", "", repository[(repository.LastIndexOf('/') + 1)..] is { Length: > 0 } name ? name.ToLowerInvariant() : "image", digest,
        [("arch", architecture), ("repository_url", repository), ("tag", tag)]);

    private static string OfSystem(Package package, string name, Distribution? distribution)
    {
        // An rpm's epoch is a qualifier, not part of the version (types/rpm-definition.json); alpm and deb keep it there.
        int colon = package.Type == PackageType.Rpm ? package.Version.IndexOf(':') : -1;
        string? epoch = colon > 0 ? package.Version[..colon] : null;
        return Compose(
            package.Type.PurlType, distribution?.Id.ToLowerInvariant() ?? "", name, package.Version[(colon + 1)..],
            [("arch", package.Architecture), ("distro", DistroOf(distribution)), ("epoch", epoch)]);
    }

    private static (string Key, string? Value)[] QualifiersOf(Package package, Distribution? distribution) => package.Type.PurlType switch
    {
        // "ruby" is what is meant without a platform.
        "gem" => [("platform", package.Architecture == "ruby" ? null : package.Architecture)],
        "conda" => [("subdir", package.Architecture)],
        "bitnami" => [("arch", package.Architecture), ("distro", DistroOf(distribution))],
        _ => [],
    };

    private static string? DistroOf(Distribution? distribution) => distribution switch
    {
        null or { Id.Length: 0 } => null,
        { VersionId.Length: 0 } => distribution.Id,
        _ => $"{distribution.Id}-{distribution.VersionId}",
    };

    private static (string Namespace, string Name) SplitAt(string name, int at) =>
        at > 0 && at < name.Length - 1 ? (name[..at], name[(at + 1)..]) : ("", name);

    // Qualifiers are given sorted by key, and left out when empty.
    private static string Compose(string type, string space, string name, string version, ReadOnlySpan<(string Key, string? Value)> qualifiers)
    {
        var url = new StringBuilder("pkg:").Append(type).Append('/');
        foreach (string segment in space.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            url.Append(Encode(segment)).Append('/');
        }

        url.Append(Encode(name));
        if (version.Length > 0)
        {
            url.Append('@').Append(Encode(version));
        }

        char separator = '?';
        foreach ((string key, string? value) in qualifiers)
        {
            if (!string.IsNullOrEmpty(value))
            {
                url.Append(separator).Append(key).Append('=').Append(Encode(value));
                separator = '&';
            }
        }

        return url.ToString();
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
