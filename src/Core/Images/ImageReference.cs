using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Images;

/// <summary>What an image is called, in full: <c>docker.io/library/nginx:latest</c>.</summary>
/// <param name="Registry">Host and optional port; "" for a bare digest.</param>
/// <param name="Remote">The repository in it.</param>
/// <param name="Tag">The tag; "" if the name has a digest and no tag.</param>
/// <param name="FullName">The whole normalised name, digest included.</param>
/// <param name="Digest">The digest in the name; null if it has none.</param>
public sealed record ImageReference(string Registry, string Remote, string Tag, string FullName, Digest? Digest)
{
    /// <summary>Reads a name as StackRox does; false gives the reason in the words of distribution/reference.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? reason) =>
        throw new NotSupportedException($"{text}: {reference = null}{reason = null}");
}
