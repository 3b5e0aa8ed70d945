using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;

namespace ImageScan.Core.Vex;

/// <summary>An image and its packages, as statements name them. Not for several threads at once.</summary>
public sealed class VexImage
{
    // https://github.com/package-url/purl-spec/blob/main/types/docker-definition.json: where there is no repository_url, Docker Hub is meant.
    private const string DefaultRegistry = "docker.io";
    private const string OfficialImages = "library";

    private readonly Scan _scan;
    private readonly ImageReference? _name;
    private readonly IReadOnlyList<ImageReference> _names;
    private readonly HashSet<Digest> _digests;
    private readonly Dictionary<Package, PackageUrlPattern?> _purls = [];

    /// <param name="scan">The image.</param>
    /// <param name="name">The name under which it is asked for; null if there is none.</param>
    public VexImage(Scan scan, ImageReference? name)
    {
        _scan = scan;
        _name = name ?? (scan.Names is [var first, ..] ? first : null);
        _names = [.. scan.Names, .. name is null ? Array.Empty<ImageReference>() : [name]];

        // A statement about an index is about each of its images.
        _digests = [.. new[] { scan.Manifest.Digest, scan.Manifest.Index, name?.Digest }.OfType<Digest>()];
    }

    /// <summary>
    /// Whether the component is this image: by a digest of it, under any name that it was seen with, or by the name under which it is asked for.
    /// </summary>
    public bool Is(VexComponent component) =>
        (component.Sha256 is { } sha256 && _digests.Any(digest => digest.Algorithm == "sha256" && digest.Hex == sha256) && IsVersion(component, _name))
        || component.Purls.Any(purl => purl.IsOfImage && Is(purl, component));

    /// <summary>Whether the component is a package of this image.</summary>
    public bool Is(VexComponent component, Package package) =>
        component.Purls.Count > 0 && PurlOf(package) is { } purl
        && component.Purls.Any(named => named.Matches(purl))
        && (component.Versions is null || component.Versions.Contains(package.Version, StringComparer.Ordinal));

    private bool Is(PackageUrlPattern purl, VexComponent component)
    {
        bool byDigest = Digest.TryParse(purl.Version, out Digest? digest);
        if (byDigest && !_digests.Contains(digest!))
        {
            return false;
        }

        if (byDigest && _names.All(name => name.Registry.Length == 0))
        {
            // What has no name in a registry, an archive, is known by its digest alone.
            return IsPlatform(purl) && IsVersion(component, null);
        }

        IReadOnlyList<ImageReference> asked = _name is null ? [] : [_name];
        return (byDigest ? _names : asked).Any(name => IsNamed(purl, name, byDigest) && IsPlatform(purl) && IsVersion(component, name));
    }

    private static bool IsNamed(PackageUrlPattern purl, ImageReference name, bool byDigest) => purl.Type == "docker"
        ? IsOfDocker(purl, name) && (byDigest || purl.Version.Length == 0 || purl.Version == name.Tag)

        // The name is the last part of the repository (https://github.com/package-url/purl-spec/blob/main/types/oci-definition.json), which has no tag
        // for a version.
        : (byDigest || purl.Version.Length == 0)
            && purl.Namespace.Length == 0
            && name.Remote[(name.Remote.LastIndexOf('/') + 1)..] == purl.Name
            && (purl.Qualifiers.GetValueOrDefault("repository_url") is not { } repository || IsRepository(repository, name))
            && (purl.Qualifiers.GetValueOrDefault("tag") is not { } tag || tag == name.Tag);

    private static bool IsOfDocker(PackageUrlPattern purl, ImageReference name)
    {
        string registry = purl.Qualifiers.GetValueOrDefault("repository_url") ?? DefaultRegistry;
        string space = purl.Namespace.Length == 0 && registry == DefaultRegistry ? OfficialImages : purl.Namespace;
        return IsRepository(space.Length == 0 ? $"{registry}/{purl.Name}" : $"{registry}/{space}/{purl.Name}", name);
    }

    private static bool IsRepository(string url, ImageReference name)
    {
        string text = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? url["https://".Length..] : url;
        return ImageReference.TryParse(text.TrimEnd('/'), out ImageReference? repository, out _)
            && repository.Registry == name.Registry
            && repository.Remote == name.Remote;
    }

    // Of other qualifiers nothing is known here, so a statement that has one may be about another image.
    private bool IsPlatform(PackageUrlPattern purl) => purl.Qualifiers.All(qualifier => qualifier.Key switch
    {
        "arch" => qualifier.Value == _scan.Platform.Architecture,
        "os" => qualifier.Value == _scan.Platform.Os,
        "platform" => qualifier.Value == _scan.Platform.ToString(),
        "repository_url" => true,
        "tag" => purl.Type == "oci",
        _ => false,
    });

    private bool IsVersion(VexComponent component, ImageReference? name) => component.Versions is null
        || component.Versions.Any(version => version == name?.Tag || _digests.Any(digest => digest.ToString() == version));

    private PackageUrlPattern? PurlOf(Package package)
    {
        if (!_purls.TryGetValue(package, out PackageUrlPattern? purl))
        {
            _ = PackageUrlPattern.TryParse(PackageUrl.Of(package, _scan.Inventory.Distribution), out purl);
            _purls.Add(package, purl);
        }

        return purl;
    }
}
