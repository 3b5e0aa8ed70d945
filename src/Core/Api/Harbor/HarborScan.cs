using ImageScan.Core.Images;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Api.Harbor;

/// <summary>What Harbor wants scanned, looked over.</summary>
/// <param name="Image">The artifact as an image's name, with its digest.</param>
/// <param name="Home">Scheme, host and port of its registry.</param>
/// <param name="Login">The login that Harbor lends; null if it lends none.</param>
internal sealed record HarborScan(ImageReference Image, Uri Home, CallerLogin? Login)
{
    /// <summary>The kinds of reports.</summary>
    public const string Vulnerability = "vulnerability";
    public const string Sbom = "sbom";

    private const int MaxUrlCharacters = 512;

    /// <summary>
    /// Looks a request over. Throws <see cref="ApiException"/>: code 9 for a field that cannot be, and code 12 for an artifact or a report that is not ours
    /// to read or to give. Nothing of a login is in them.
    /// </summary>
    public static HarborScan Of(HarborScanRequest request)
    {
        foreach (HarborCapability capability in request.EnabledCapabilities)
        {
            EnsureGiven(capability);
        }

        Uri home = HomeOf(request.Registry.Url);
        ImageReference image = ImageOf(home, request.Artifact);
        return new HarborScan(image, home, LoginOf(home, request.Registry.Authorization));
    }

    private static void EnsureGiven(HarborCapability capability)
    {
        string report = capability.Type switch
        {
            // "in order to the backward and forward compatible, the field is optional": without it, it is what it was before there were two.
            Vulnerability or "" => HarborMediaTypes.VulnerabilityReport,
            Sbom => HarborMediaTypes.SbomReport,
            var other => throw HarborErrors.WrongField($"enabled_capabilities.type is {HostileText.Quote(other)}; it must be {Vulnerability} or {Sbom}"),
        };
        if (capability.ProducesMimeTypes.FirstOrDefault(type => HarborMediaTypes.Chosen(type, report) is null) is { } unknown)
        {
            throw HarborErrors.NotDone($"enabled_capabilities.produces_mime_types has {HostileText.Quote(unknown)}; it may have {report}");
        }

        string? format = capability.Parameters.SbomMediaTypes.FirstOrDefault(type => type is not (HarborMediaTypes.Spdx or HarborMediaTypes.CycloneDx));
        if (format is not null)
        {
            throw HarborErrors.WrongField(
                $"sbom_media_types has {HostileText.Quote(format)}; it may have {HarborMediaTypes.Spdx} and {HarborMediaTypes.CycloneDx}");
        }
    }

    // The API of a registry lies at the root of its host (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints).
    private static Uri HomeOf(string url) =>
        url.Length <= MaxUrlCharacters
        && Uri.TryCreate(url, UriKind.Absolute, out Uri? home)
        && (home.Scheme == Uri.UriSchemeHttps || home.Scheme == Uri.UriSchemeHttp)
        && home is { Host.Length: > 0, UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? home
            : throw HarborErrors.WrongField("registry.url must be http:// or https://, a host and perhaps a port, with no path, query or user name");

    private static ImageReference ImageOf(Uri home, HarborArtifact artifact)
    {
        if (!Digest.TryParse(artifact.Digest, out Digest? digest))
        {
            throw HarborErrors.WrongField($"artifact.digest is {HostileText.Quote(artifact.Digest)}, which is no digest");
        }

        if (artifact.MimeType.Length > 0 && !MediaTypes.Manifests.Contains(artifact.MimeType))
        {
            throw HarborErrors.NotDone($"artifact.mime_type is {HostileText.Quote(artifact.MimeType)}; read are {string.Join(", ", MediaTypes.Manifests)}");
        }

        // A host without a dot is one in an image's name only if a port says so: http://core is core:80.
        string host = home.HostNameType == UriHostNameType.IPv6 ? home.Host : home.IdnHost;
        string[] names = home.IsDefaultPort ? [host, $"{host}:{home.Port}"] : [$"{host}:{home.Port}"];
        foreach (string name in names)
        {
            if (ImageReference.TryParse($"{name}/{artifact.Repository}@{digest}", out ImageReference? image, out _)
                && (image.Registry, image.Remote, image.Tag) == (name, artifact.Repository, ""))
            {
                return image;
            }
        }

        throw HarborErrors.WrongField(
            $"artifact.repository is {HostileText.Quote(artifact.Repository)} and registry.url {HostileText.Quote(home.GetLeftPart(UriPartial.Authority))}: "
            + "no image can be called so");
    }

    private static CallerLogin? LoginOf(Uri home, string authorization)
    {
        if (authorization.Trim().Length == 0)
        {
            return null;
        }

        var login = new CallerLogin(home, authorization);
        return login.TryRead(out _, out string? reason) ? login : throw HarborErrors.WrongField($"registry.authorization: {reason}");
    }
}
