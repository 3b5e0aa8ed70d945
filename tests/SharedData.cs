namespace ImageScan.TestSupport;

/// <summary>
/// Real images, advisories and version facts that lie beside the repository in <c>../shared</c>. Tests that need them are skipped, with
/// a word, where they are missing.
/// </summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder of it; skips the running test if it is not there.</summary>
    public static string Path(params string[] parts)
    {
        string path = System.IO.Path.GetFullPath(Repository.Path(["..", "shared", .. parts]));
        if (!System.IO.Path.Exists(path))
        {
            Assert.Skip($"Skipped: ../shared/{string.Join('/', parts)} is not there.");
        }

        return path;
    }
}
