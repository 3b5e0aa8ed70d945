namespace ImageScan.Benchmarks.Service;

/// <summary>The settings that servers are measured with: the defaults, but for what would disturb, and with those of <c>IMAGESCAN_BENCH_SETTINGS</c>.</summary>
internal static class ServiceSettings
{
    /// <summary>With the real advisories where they are there, and next to no re-match in the background.</summary>
    public static async Task<(string Name, string Value)[]> StandardAsync() => Of(await KeptSnapshots.YoungerAsync());

    /// <summary>The same with advisories of a day before.</summary>
    public static async Task<(string Name, string Value)[]> OlderAsync() => Of(await KeptSnapshots.OlderAsync());

    private static (string Name, string Value)[] Of(string snapshot) =>
    [
        ("Advisories__Path", snapshot),
        ("Scan__RematchesPerMinute", "1"),
        .. (Environment.GetEnvironmentVariable("IMAGESCAN_BENCH_SETTINGS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=', 2))
            .Select(setting => (setting[0], setting[1])),
    ];
}
