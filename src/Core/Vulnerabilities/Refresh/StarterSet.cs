namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// Which advisories the app may carry with it: those of sources whose facts everyone may pass on, for the ecosystems that most images have.
/// Sources and licences are listed in <c>Vulnerabilities/Starter/NOTICE.md</c>.
/// </summary>
public static class StarterSet
{
    // Prefix of the id, and the ecosystems taken from such records.
    private static readonly (string Prefix, string[] Ecosystems)[] Sources =
    [
        ("DSA-", ["Debian"]),
        ("DLA-", ["Debian"]),
        ("DEBIAN-CVE-", ["Debian"]),
        ("ALPINE-CVE-", ["Alpine"]),
        ("GHSA-", ["npm", "PyPI"]),
        ("PYSEC-", ["PyPI"]),
    ];

    /// <summary>The advisory, less the packages that the set is not for; null if the set is without it.</summary>
    public static Advisory? Choose(Advisory advisory)
    {
        foreach (var (prefix, ecosystems) in Sources)
        {
            if (!advisory.Id.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            AffectedPackage[] affected = [.. advisory.Affected.Where(package => ecosystems.Contains(package.Ecosystem.Name))];
            return affected.Length > 0 ? advisory with { Affected = affected } : null;
        }

        return null;
    }
}
