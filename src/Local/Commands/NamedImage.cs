using ImageScan.Core.Images;
using ImageScan.Core.Images.Archives;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Local.Commands;

/// <summary>What the argument IMAGE means: a name in a registry or an image on this machine.</summary>
/// <param name="Reference">What the image is called in the output.</param>
/// <param name="Source">Where it is read from.</param>
internal sealed record NamedImage(ImageReference Reference, IImageSource Source)
{
    private const string DockerArchive = "docker-archive:";
    private const string OciLayout = "oci:";

    /// <summary>Whether the text means an archive or a layout on this machine.</summary>
    public static bool IsArchive(string image) =>
        image.StartsWith(DockerArchive, StringComparison.Ordinal) || image.StartsWith(OciLayout, StringComparison.Ordinal) || IsPath(image);

    /// <summary>Opens it. Throws <see cref="RegistryException"/>, and <see cref="CommandException"/> if it is no name.</summary>
    public static async Task<NamedImage> OpenAsync(string image, RegistryClient registries, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (image.StartsWith(DockerArchive, StringComparison.Ordinal))
        {
            (string path, string? name) = Split(image[DockerArchive.Length..]);
            return new(Called(image), await ImageArchive.OpenDockerAsync(path, name, limits, cancellationToken));
        }

        if (image.StartsWith(OciLayout, StringComparison.Ordinal))
        {
            (string path, string? name) = Split(image[OciLayout.Length..]);
            return new(Called(image), await ImageArchive.OpenOciAsync(path, name, limits, cancellationToken));
        }

        if (IsPath(image))
        {
            return new(Called(image), await ImageArchive.OpenAsync(image, name: null, limits, cancellationToken));
        }

        return ImageReference.TryParse(image, out ImageReference? reference, out string? reason)
            ? new(reference, registries.Open(reference))
            : throw new CommandException(
                $"'{image}' is no image name ({reason}), and there is no such file, nor such a folder with oci-layout or manifest.json.");
    }

    private static bool IsPath(string image) => File.Exists(image) || ImageArchive.IsFolder(image);

    // PATH[:NAME], as skopeo writes it; a path with a colon in it is taken whole if it exists.
    private static (string Path, string? Name) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || Path.Exists(text) ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static ImageReference Called(string text) => new("", "", "", text, Digest: null);
}
