using System.CommandLine;

namespace ImageScan.Local.Commands;

/// <summary>Options that several commands about feeds share.</summary>
internal static class FeedOptions
{
    public static Option<string?> Feeds() => new("--feeds")
    {
        Description = "Only these, joined by commas, be they on or off; by default all that are on (imagescan advisories feeds).",
    };

    public static Option<string> Cache() => new("--cache")
    {
        Description = "The folder that keeps what the feeds have said, so that only what is new is asked for.",
        DefaultValueFactory = _ => DefaultCache(),
    };

    /// <summary>The names given; null if none were.</summary>
    public static IReadOnlyList<string>? NamesOf(string? feeds) => feeds?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // https://specifications.freedesktop.org/basedir-spec/latest/; an address that is not absolute is to be ignored.
    private static string DefaultCache()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string folder = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache) ? cache
            : Path.Combine(home, ".cache");
        return Path.Combine(folder, "imagescan", "feeds");
    }
}
