using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Images;

/// <summary>What an image is called, in full: <c>docker.io/library/nginx:latest</c>.</summary>
/// <param name="Registry">Host and optional port; "" for a bare digest.</param>
/// <param name="Remote">The repository in it; "" for a bare digest.</param>
/// <param name="Tag">The tag; "" if the name has a digest and no tag.</param>
/// <param name="FullName">The whole normalized name, digest included.</param>
/// <param name="Digest">The digest in the name; null if it has none.</param>
public sealed record ImageReference(string Registry, string Remote, string Tag, string FullName, Digest? Digest)
{
    private const int MaxRemoteCharacters = 255;
    private const int MaxTagCharacters = 128;
    private const string InvalidFormat = "invalid reference format";

    /// <summary>
    /// Reads a name as StackRox does; false gives the reason in the words of distribution/reference
    /// (https://github.com/distribution/reference/blob/main/normalize.go and regexp.go).
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? reason)
    {
        if (TryReadBareDigest(text, out Digest? bare))
        {
            reference = new ImageReference("", "", "", bare.ToString(), bare);
            reason = null;
            return true;
        }

        (string registry, string rest) = SplitRegistry(text);
        NameParts parts = SplitName(registry, rest);
        reason = ReasonAgainstCase(rest) ?? ReasonAgainst(parts);
        if (reason is not null)
        {
            reference = null;
            return false;
        }

        reference = Compose(parts);
        return true;
    }

    /// <summary>The same image at a mirror.</summary>
    /// <param name="mirror">Host, and what is put before the repository there, <c>host[/prefix]</c>, as <see cref="IsMirror"/> allows.</param>
    public ImageReference At(string mirror)
    {
        string[] parts = mirror.Split('/', 2);
        string remote = parts.Length == 2 ? $"{parts[1]}/{Remote}" : Remote;
        return Compose(new NameParts(parts[0], remote, Tag.Length > 0 ? Tag : null, Digest?.ToString()));
    }

    /// <summary>Whether a text can be <c>host[/prefix]</c>. Docker Hub by itself is none, since its names have always two parts.</summary>
    public static bool IsMirror(string text)
    {
        string[] parts = text.Split('/', 2);
        string remote = parts.Length == 2 ? $"{parts[1]}/image" : "image";
        return TryParse($"{text}/image", out ImageReference? image, out _) && image.Registry == parts[0] && image.Remote == remote;
    }

    public override string ToString() => FullName;

    // 64 hexadecimal digits alone are a sha256 digest, as in the output of `docker images --no-trunc`.
    private static bool TryReadBareDigest(string text, [NotNullWhen(true)] out Digest? digest) =>
        Digest.TryParse(text, out digest) || (text.Length == 64 && Digest.TryParse($"sha256:{text}", out digest));

    // The first part is a registry only if it looks like a host: "ghcr.io/x" and "Foo/x" have one, "library/x" has none.
    private static (string Registry, string Remainder) SplitRegistry(string text)
    {
        int slash = text.IndexOf('/');
        string first = slash < 0 ? "" : text[..slash];
        bool isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || HasUpperCase(first);
        (string registry, string rest) = slash >= 0 && isHost ? (first, text[(slash + 1)..]) : (DockerHub.Name, text);
        registry = registry == DockerHub.LegacyName ? DockerHub.Name : registry;
        return (registry, registry == DockerHub.Name && !rest.Contains('/') ? $"library/{rest}" : rest);
    }

    private static NameParts SplitName(string registry, string rest)
    {
        string[] byDigest = rest.Split('@', 2);
        string[] byTag = byDigest[0].Split(':', 2);
        string? tag = byTag.Length == 2 ? byTag[1] : null;
        string? digest = byDigest.Length == 2 ? byDigest[1] : null;

        // The registry is optional in the grammar: what is no host can still be the first part of a repository.
        return IsRegistry(registry) ? new NameParts(registry, byTag[0], tag, digest) : new NameParts("", $"{registry}/{byTag[0]}", tag, digest);
    }

    private static string? ReasonAgainstCase(string rest)
    {
        string claimed = rest.Split(':', 2)[0];
        return HasUpperCase(claimed) ? $"{InvalidFormat}: repository name ({claimed}) must be lowercase" : null;
    }

    private static string? ReasonAgainst(NameParts parts)
    {
        if (!IsRemote(parts.Remote) || (parts.Tag is not null && !IsTag(parts.Tag)) || (parts.Digest is not null && !LooksLikeDigest(parts.Digest)))
        {
            return InvalidFormat;
        }

        if (parts.Remote.Length > MaxRemoteCharacters)
        {
            return $"repository name must not be more than {MaxRemoteCharacters} characters";
        }

        return parts.Digest is null || Digest.TryParse(parts.Digest, out _) ? null : ReasonAgainst(parts.Digest);
    }

    private static ImageReference Compose(NameParts parts)
    {
        (string registry, string remote) = (parts.Registry, parts.Remote);
        Digest? digest = parts.Digest is null ? null : Digest.Parse(parts.Digest);

        // "latest" stands only where there is neither a tag nor a digest.
        string tag = parts.Tag ?? (digest is null ? "latest" : "");
        string fullName = (registry.Length > 0 ? $"{registry}/{remote}" : remote)
            + (tag.Length > 0 ? $":{tag}" : "")
            + (digest is null ? "" : $"@{digest}");
        return new ImageReference(registry, remote, tag, fullName, digest);
    }

    private static bool HasUpperCase(string text) => text.Any(c => char.ToLowerInvariant(c) != c);

    private static bool IsRegistry(string text)
    {
        int bracket = text.StartsWith('[') ? text.IndexOf(']') : -1;
        int colon = text.IndexOf(':', bracket + 1);
        string host = colon < 0 ? text : text[..colon];
        bool validPort = colon < 0 || (colon + 1 < text.Length && text.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0);
        bool validHost = bracket > 1
            ? bracket == host.Length - 1 && host[1..^1].All(c => char.IsAsciiHexDigit(c) || c == ':')
            : host.Split('.').All(IsHostLabel);
        return validPort && validHost;
    }

    private static bool IsHostLabel(string label) =>
        label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsRemote(string text) => text.Split('/').All(IsRemotePart);

    // Letters and digits, joined by one dot, one or two underscores, or any number of dashes.
    private static bool IsRemotePart(string part)
    {
        int at = 0;
        while (at < part.Length && IsLowerAlphanumeric(part[at]))
        {
            while (at < part.Length && IsLowerAlphanumeric(part[at]))
            {
                at++;
            }

            if (at == part.Length)
            {
                return true;
            }

            int start = at;
            while (at < part.Length && !IsLowerAlphanumeric(part[at]))
            {
                at++;
            }

            ReadOnlySpan<char> separator = part.AsSpan(start, at - start);
            if (separator is not ("." or "_" or "__") && separator.ContainsAnyExcept('-'))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsLowerAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    private static bool IsTag(string text) =>
        text.Length is > 0 and <= MaxTagCharacters
        && text[0] is not ('.' or '-')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool LooksLikeDigest(string text)
    {
        int colon = text.IndexOf(':');
        return colon > 0
            && text.Length - colon - 1 >= 32
            && text[(colon + 1)..].All(char.IsAsciiHexDigit)
            && text[..colon].Split('+', '.', '-', '_').All(part => part.Length > 0 && char.IsAsciiLetter(part[0]) && part.All(char.IsAsciiLetterOrDigit));
    }

    // In the words of https://github.com/opencontainers/go-digest/blob/master/digest.go
    private static string ReasonAgainst(string digest)
    {
        int colon = digest.IndexOf(':');
        int expected = Digest.HexLengthOf(digest[..colon]);
        return expected < 0 ? "unsupported digest algorithm"
            : expected != digest.Length - colon - 1 ? "invalid checksum digest length"
            : "invalid checksum digest format";
    }

    /// <summary>A name cut at its marks, its parts still as written; null for a mark that is not there.</summary>
    private sealed record NameParts(string Registry, string Remote, string? Tag, string? Digest);
}
