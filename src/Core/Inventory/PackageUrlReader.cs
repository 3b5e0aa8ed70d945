using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Inventory;

/// <summary>
/// Reads package URLs (https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst), those of <see cref="PackageUrl"/> and of
/// other tools, with the qualifiers in which these say what a package was built from.
/// </summary>
public static class PackageUrlReader
{
    /// <summary>No package URL is longer.</summary>
    public const int MaxCharacters = 8192;

    private static readonly Dictionary<string, PackageType> Types = PackageType.All
        .Where(type => type.PurlType != "generic").ToDictionary(type => type.PurlType, StringComparer.Ordinal);

    /// <summary>Reads one; false, with the reason, if it is none or of a type that has no packages here.</summary>
    /// <param name="text">The package URL.</param>
    /// <param name="path">What the package says it was found in.</param>
    /// <param name="named">The package and, if it says so, its distribution.</param>
    /// <param name="reason">Why it cannot be read: the same few words for all of a kind.</param>
    public static bool TryRead(string text, string path, [NotNullWhen(true)] out NamedPackage? named, out string reason)
    {
        named = null;
        reason = "no package URL";
        if (text.Length > MaxCharacters || !text.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase) || !IsDecodable(text))
        {
            return false;
        }

        string rest = text[4..].TrimStart('/');
        rest = rest.Split('#', 2)[0];
        string[] halves = rest.Split('?', 2);
        var qualifiers = QualifiersOf(halves.Length > 1 ? halves[1] : "");
        string body = halves[0].Trim('/');
        int at = body.LastIndexOf('@');

        // The @ of a scope that was not encoded stands before a slash.
        at = at > body.LastIndexOf('/') ? at : -1;
        string version = at < 0 ? "" : Uri.UnescapeDataString(body[(at + 1)..]);
        string[] parts = [.. (at < 0 ? body : body[..at]).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (parts.Length < 2)
        {
            return false;
        }

        string space = string.Join('/', parts[1..^1]);
        string kind = parts[0].ToLowerInvariant();
        if (TypeOf(kind, space, parts[^1]) is not { } type)
        {
            reason = $"a package URL of type {kind}, of which there are no advisories here";
            return false;
        }

        if (version.Length == 0)
        {
            reason = "a package URL without a version";
            return false;
        }

        Package package = PackageOf(type, space, parts[^1], version, path) with { Architecture = qualifiers.GetValueOrDefault("arch") };
        named = new NamedPackage(WithSource(package, qualifiers), type.IsLanguage ? null : DistributionOf(space, qualifiers));
        return true;
    }

    /// <summary>
    /// The name and version of a source as tools write them: <c>openssl@1.1.1n-0</c> of dpkg and apk, <c>openssl-3.0.7-2.el9.src.rpm</c> of rpm;
    /// the version is null where there is none. The file name of an rpm has no epoch; the source is taken to have that of the package made of it.
    /// </summary>
    public static (string Name, string? Version) SourceOf(Package package, string text)
    {
        const string SourceRpm = ".src.rpm";
        if (package.Type == PackageType.Rpm && text.EndsWith(SourceRpm, StringComparison.Ordinal))
        {
            string[] parts = text[..^SourceRpm.Length].Split('-');
            string epoch = package.Version[..(package.Version.IndexOf(':', StringComparison.Ordinal) + 1)];
            return parts.Length > 2 ? (string.Join('-', parts[..^2]), $"{epoch}{parts[^2]}-{parts[^1]}") : (text[..^SourceRpm.Length], null);
        }

        int at = text.LastIndexOf('@');
        return at > 0 ? (text[..at], text[(at + 1)..]) : (text, null);
    }

    private static bool IsDecodable(string text) => !Uri.UnescapeDataString(text).Any(char.IsControl);

    private static PackageType? TypeOf(string kind, string space, string name) => kind switch
    {
        "generic" => IsWordPress(space, name) ? PackageType.WordPress : PackageType.Binary,
        _ => Types.GetValueOrDefault(kind),
    };

    private static bool IsWordPress(string space, string name) =>
        space.Length == 0 ? name == "wordpress" : space == "wordpress" || space.StartsWith("wordpress/", StringComparison.Ordinal);

    private static Package PackageOf(PackageType type, string space, string name, string version, string path) => new()
    {
        Type = type,
        Name = type == PackageType.Maven ? Joined(space.Replace('/', '.'), ':', name)
            : type == PackageType.Python ? PythonName.Normalize(name)
            : type == PackageType.WordPress && space.Length > 0 ? Joined(space["wordpress".Length..].TrimStart('/'), '/', name)
            : type.IsLanguage ? Joined(space, '/', name)
            : name,
        Version = version,
        Path = path,
    };

    private static string Joined(string space, char separator, string name) => space.Length == 0 ? name : $"{space}{separator}{name}";

    private static Package WithSource(Package package, Dictionary<string, string> qualifiers)
    {
        // An rpm's epoch is a qualifier, not part of the version; Trivy writes that of a deb so too.
        if ((package.Type == PackageType.Rpm || package.Type == PackageType.Dpkg)
            && qualifiers.GetValueOrDefault("epoch") is { Length: > 0 } epoch && epoch != "0"
            && !package.Version.Contains(':', StringComparison.Ordinal))
        {
            package = package with { Version = $"{epoch}:{package.Version}" };
        }

        package = package with { Module = qualifiers.GetValueOrDefault("rpmmod") ?? qualifiers.GetValueOrDefault("modularitylabel") };
        if (qualifiers.GetValueOrDefault("upstream") is not { Length: > 0 } upstream || package.Type.IsLanguage)
        {
            return package;
        }

        // Several may be named; the first is what it was built from.
        (string name, string? version) = SourceOf(package, upstream.Split(',')[0]);
        return package with { SourceName = name == package.Name ? null : name, SourceVersion = version == package.Version ? null : version };
    }

    private static Distribution? DistributionOf(string space, Dictionary<string, string> qualifiers)
    {
        string distro = qualifiers.GetValueOrDefault("distro") ?? "";
        return distro switch
        {
            "" => null,
            // Trivy writes the release alone.
            _ when char.IsAsciiDigit(distro[0]) => space.Length > 0 ? DistributionNames.Of(space, distro) : null,
            _ => DistributionNames.Parse(distro),
        };
    }

    private static Dictionary<string, string> QualifiersOf(string text)
    {
        var qualifiers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = pair.Split('=', 2);
            if (halves.Length == 2)
            {
                qualifiers.TryAdd(halves[0].ToLowerInvariant(), Uri.UnescapeDataString(halves[1]));
            }
        }

        return qualifiers;
    }
}

/// <summary>A package that a list names, and the distribution that it says it is of; null if it does not say.</summary>
public sealed record NamedPackage(Package Package, Distribution? Distribution);
