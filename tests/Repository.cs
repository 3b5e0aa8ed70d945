namespace ImageScan.TestSupport;

/// <summary>The repository that the running tests are of.</summary>
internal static class Repository
{
    /// <summary>The path of a file or folder of it.</summary>
    public static string Path(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ImageScanFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new InvalidOperationException("These tests run from inside the repository.")
            : System.IO.Path.Combine([folder.FullName, .. parts]);
    }
}
