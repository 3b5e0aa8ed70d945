namespace ImageScan.TestSupport;

/// <summary>
/// Real images, advisories and version facts that lie beside the repository in <c>../shared</c>. Tests that need them are skipped, with
/// a word, where they are missing.
/// </summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The path of a file or folder of it; skips the running test if it is not there.</summary>
    public static string Path(params string[] parts)
    {
        string? path = Root is null ? null : System.IO.Path.Combine([Root, .. parts]);
        if (path is null || !System.IO.Path.Exists(path))
        {
            Assert.Skip($"Skipped: ../shared/{string.Join('/', parts)} is not there.");
        }

        return path;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ImageScanFunctions.sln")))
            {
                string shared = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}
