using ImageScan.TestSupport;

namespace ImageScan.Benchmarks;

/// <summary>Archives of real images, which lie beside the repository in <c>../shared</c>; none where they are missing.</summary>
internal static class SharedImages
{
    public static IReadOnlyList<string> Paths
    {
        get
        {
            var folder = new DirectoryInfo(Repository.Path("..", "shared", "images"));
            return folder.Exists ? [.. folder.GetFiles("*.tar").Select(file => file.FullName).Order(StringComparer.Ordinal)] : [];
        }
    }
}
