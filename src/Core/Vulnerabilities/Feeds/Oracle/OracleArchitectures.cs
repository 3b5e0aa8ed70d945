namespace ImageScan.Core.Vulnerabilities.Feeds.Oracle;

/// <summary>
/// From the systems that an erratum is for to the architectures of packages, as rpm writes them: a 64-bit system also has packages of its
/// 32-bit sibling (https://yum.oracle.com/, where the repositories of x86_64 hold i686 packages).
/// </summary>
internal static class OracleArchitectures
{
    private static readonly string[] Intel32 = ["i386", "i486", "i586", "i686"];

    /// <summary>The architectures; none if the erratum is for every system of that release, and so not limited.</summary>
    public static IReadOnlyList<string> Of(string release, IReadOnlyCollection<string> systems)
    {
        // Oracle Linux 5 and 6 are for Intel and AMD alone, later ones for x86_64 and aarch64 (https://docs.oracle.com/en/operating-systems/oracle-linux/).
        bool isOlder = release is "5" or "6";
        bool isForAll = systems.Contains("x86_64") && (isOlder ? systems.Contains("i386") || systems.Contains("i686") : systems.Contains("aarch64"));
        return isForAll ? [] : [.. systems.SelectMany(PackagesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static string[] PackagesOf(string system) => system switch
    {
        "x86_64" => ["x86_64", .. Intel32],
        "i386" or "i686" => Intel32,
        _ => [system],
    };
}
