namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What stays in memory of an advisory while a snapshot is built.</summary>
/// <param name="Id">Its number among the ids.</param>
/// <param name="Feed">The number of its feed.</param>
/// <param name="State">Whether it can report anything.</param>
/// <param name="IsDistribution">Whether it is about a distribution's packages.</param>
/// <param name="IsVendors">Whether who says it makes the packages.</param>
/// <param name="Modified">In ticks of UTC.</param>
/// <param name="Place">Its text and what it says of each package, in the spool; empty if it reports nothing.</param>
/// <param name="FirstKey">The number of the package that it names first.</param>
/// <param name="FirstLink">Where the numbers of its CVEs begin, which those of its aliases follow.</param>
/// <param name="Cves">CVEs that it names itself.</param>
/// <param name="Aliases">Its aliases, CVEs included.</param>
internal readonly record struct SpooledAdvisory(
    int Id,
    short Feed,
    SpooledState State,
    bool IsDistribution,
    bool IsVendors,
    long Modified,
    SpooledBytes Place,
    int FirstKey,
    int FirstLink,
    int Cves,
    int Aliases);

internal enum SpooledState : byte
{
    Usable,
    Withdrawn,
    WithoutRelease,
    NothingToMatch,
    TooLarge,
}
