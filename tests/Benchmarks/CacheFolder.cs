using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>
/// Where the images and the peers are kept between runs, since making them takes minutes: <c>IMAGESCAN_BENCH_CACHE</c>, else
/// <c>imagescan-bench</c> in the user's cache.
/// </summary>
internal static class CacheFolder
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("IMAGESCAN_BENCH_CACHE") is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Path.Combine(UserCache(), "imagescan-bench");

    /// <summary>The OCI layout of an image.</summary>
    public static string Image(string name) => Path.Combine(Root, "images", name);

    /// <summary>A folder below it, made if need be.</summary>
    public static string Folder(params string[] names) => Directory.CreateDirectory(Path.Combine([Root, .. names])).FullName;

    /// <summary>Runs one of the scripts beside this program with this folder as its cache; true if it succeeded.</summary>
    public static bool Run(string script, params string[] arguments)
    {
        Directory.CreateDirectory(Root);
        var start = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, script), .. arguments]);
        start.Environment["IMAGESCAN_BENCH_CACHE"] = Root;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    // https://specifications.freedesktop.org/basedir-spec/latest/#variables
    private static string UserCache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
