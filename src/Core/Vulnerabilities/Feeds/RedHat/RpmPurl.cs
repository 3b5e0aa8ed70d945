namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// What a package URL of Red Hat's says about an rpm (https://redhatproductsecurity.github.io/security-data-guidelines/purl/):
/// <c>pkg:rpm/redhat/nodejs@18.19.1-1.module%2Bel8?arch=x86_64&amp;epoch=1&amp;rpmmod=nodejs:18:8090020240301110609:a75119d5</c>.
/// </summary>
/// <param name="Kind">What it names.</param>
/// <param name="Name">Of the rpm, or of the module; "" for what is neither.</param>
/// <param name="Version">Epoch where it is not 0, version, release; null if it names all versions.</param>
/// <param name="Architecture"><c>src</c> for a source rpm; null if it names all architectures.</param>
/// <param name="Module">Name and stream, <c>nodejs:18</c>; null if it is in none, or it is not said here.</param>
internal sealed record RpmPurl(PurlKind Kind, string Name, string? Version, string? Architecture, string? Module)
{
    // No name or version of a real rpm comes near it.
    private const int MaxLength = 1024;

    private static readonly RpmPurl Other = new(PurlKind.Other, "", null, null, null);
    private static readonly RpmPurl Malformed = new(PurlKind.Malformed, "", null, null, null);

    public bool IsSource => Architecture is "src" or "nosrc";

    /// <summary>Reads one; never fails, but may be <see cref="PurlKind.Malformed"/>.</summary>
    public static RpmPurl Parse(string purl)
    {
        if (purl.Length > MaxLength)
        {
            return Malformed;
        }

        // pkg:type/namespace/name@version?qualifiers (https://github.com/package-url/purl-spec); '@' in names is escaped.
        int question = purl.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? purl : purl[..question];
        string[] qualifiers = question < 0 ? [] : purl[(question + 1)..].Split('#')[0].Split('&');
        int at = path.IndexOf('@', StringComparison.Ordinal);
        string? version = at < 0 ? null : Uri.UnescapeDataString(path[(at + 1)..]);
        string[] parts = [.. (at < 0 ? path : path[..at]).Split('/').Select(Uri.UnescapeDataString)];
        return parts switch
        {
            ["pkg:rpm", "redhat", { Length: > 0 } name] => Rpm(name, version, qualifiers),
            ["pkg:rpmmod", "redhat", { Length: > 0 } name] => ModuleAsAWhole(name, version),
            // Until 2025 a package of a module that is not mended yet was a module of that name in a namespace that was the module
            // (https://issues.redhat.com/browse/SECDATA-1115): pkg:rpmmod/redhat/postgresql:15/postgresql.
            ["pkg:rpmmod", "redhat", { Length: > 0 } module, { Length: > 0 } name] =>
                StreamOf(module) is { } stream ? new RpmPurl(PurlKind.Rpm, name, null, "src", stream) : Malformed,
            ["pkg:rpm" or "pkg:rpmmod"] or ["pkg:rpm" or "pkg:rpmmod", "redhat", ..] => Malformed,
            _ => Other,
        };
    }

    /// <summary>Name and stream of what begins like <c>nodejs:18:8090020240301110609:a75119d5</c>; null if it has no stream.</summary>
    public static string? StreamOf(string module)
    {
        string[] parts = module.Split(':');
        return parts is [{ Length: > 0 }, { Length: > 0 }, ..] ? $"{parts[0]}:{parts[1]}" : null;
    }

    private static RpmPurl Rpm(string name, string? version, string[] qualifiers)
    {
        string? architecture = Qualifier(qualifiers, "arch");
        string? epoch = Qualifier(qualifiers, "epoch");
        string? module = Qualifier(qualifiers, "rpmmod");
        string? stream = module is null ? null : StreamOf(module);
        if ((module is not null && stream is null) || (epoch is not null && !epoch.All(char.IsAsciiDigit)))
        {
            return Malformed;
        }

        // An epoch of 0 is none, as rpm prints it, and as versions are compared.
        string? full = string.IsNullOrEmpty(version) || epoch?.TrimStart('0') is not { Length: > 0 } number ? version : $"{number}:{version}";
        return new RpmPurl(PurlKind.Rpm, name, string.IsNullOrEmpty(full) ? null : full, architecture, stream);
    }

    private static RpmPurl ModuleAsAWhole(string name, string? version) =>
        new(PurlKind.Module, name, null, null, version is null ? null : StreamOf($"{name}:{version}"));

    private static string? Qualifier(string[] qualifiers, string name)
    {
        foreach (string qualifier in qualifiers)
        {
            if (qualifier.Length > name.Length && qualifier[name.Length] == '=' && qualifier.StartsWith(name, StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(qualifier[(name.Length + 1)..]);
            }
        }

        return null;
    }
}

/// <summary>What a package URL names.</summary>
internal enum PurlKind
{
    Rpm,

    /// <summary>A module with all its packages.</summary>
    Module,

    /// <summary>A container image, a Java archive, a package of somebody else's.</summary>
    Other,

    /// <summary>It should be an rpm of Red Hat's and cannot be read.</summary>
    Malformed,
}
