namespace ImageScan.Benchmarks;

/// <summary>What is installed on this machine.</summary>
internal static class Programs
{
    public static bool IsInstalled(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, name)));
}
