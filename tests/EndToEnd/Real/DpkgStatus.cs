namespace ImageScan.EndToEnd.Real;

/// <summary>What a status file of dpkg says is installed, read without the scanner.</summary>
internal static class DpkgStatus
{
    public static IReadOnlyList<(string Name, string Version)> Installed(string status) =>
    [
        .. status.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(paragraph => paragraph.Split('\n'))
            // The files of status.d have no status: all of them are installed.
            .Where(lines => Field(lines, "Status") is null or "install ok installed" or "hold ok installed")
            .Select(lines => (Field(lines, "Package")!, Field(lines, "Version")!)),
    ];

    private static string? Field(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))?[(name.Length + 2)..];
}
