namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>Whose a file of OSV records in a folder of copies is, told by its name and the folder it is in.</summary>
internal static class OsvPaths
{
    private static readonly string[] TarEndings = [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"];

    // Folders of the bucket that nobody asks for here, whose records are counted where somebody has copied them.
    private static readonly HashSet<string> BucketFolders = new(
        [
            .. OsvBucket.Ecosystems.Select(ecosystem => ecosystem.Name),
            "Android", "Bioconductor", "ConanCenter", "DHI", "Docker Hardened Images", "GHC", "GIT", "GitHub Actions", "Hackage", "Hex", "Julia", "Linux",
            "OSS-Fuzz", "Pub", "Root", "SwiftURL", "TuxCare", "VSCode", "opam",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether it is an archive of the bucket, or one like it in another container: <c>npm/all.zip</c>, <c>npm/all.tar.gz</c>.</summary>
    public static bool IsArchive(string path) => NameOf(path) == "all.zip" || IsTar(path, "all");

    /// <summary>Whether it is one record in a folder of the bucket: <c>npm/GHSA-29mw-wpgm-hmr9.json</c>.</summary>
    public static bool IsRecord(string path)
    {
        string[] parts = path.Split('/');
        return parts.Length > 1 && parts[^1].EndsWith(".json", StringComparison.Ordinal) && parts[^1] != "all.json"
            && BucketFolders.Contains(OsvEcosystem.Parse(parts[^2]).Name);
    }

    /// <summary>Whether a tar archive of that name, packed or not.</summary>
    public static bool IsTar(string path, string name) => TarEndings.Any(ending => NameOf(path) == name + ending);

    /// <summary>Whether one record by itself, whose id begins so: <c>usn/USN-7095-1.json</c>.</summary>
    public static bool IsRecordOf(string path, params ReadOnlySpan<string> prefixes)
    {
        string name = NameOf(path);
        foreach (string prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
