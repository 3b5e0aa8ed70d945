namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Where publishers have their pages about an advisory or a CVE.</summary>
internal static class AdvisoryLinks
{
    /// <summary>The page of an advisory by its id; null if whose it is cannot be told.</summary>
    /// <param name="id">The advisory or erratum.</param>
    /// <param name="ecosystem">Of a package that it is about.</param>
    public static string? Of(string id, OsvEcosystem ecosystem)
    {
        string shown = Uri.EscapeDataString(id);
        string plain = Uri.EscapeDataString(id.Replace(':', '-'));
        return id[..Math.Max(0, id.IndexOf('-', StringComparison.Ordinal))] switch
        {
            "RHSA" or "RHBA" or "RHEA" => "https://access.redhat.com/errata/" + Uri.EscapeDataString(id).Replace("%3A", ":", StringComparison.Ordinal),
            "DSA" or "DLA" or "DTSA" => "https://security-tracker.debian.org/tracker/" + shown,
            "USN" or "LSN" => "https://ubuntu.com/security/notices/" + shown,
            "UBUNTU" when id.StartsWith("UBUNTU-CVE-", StringComparison.Ordinal) => "https://ubuntu.com/security/" + shown["UBUNTU-".Length..],
            "ALSA" or "ALBA" or "ALEA" => $"https://errata.almalinux.org/{Uri.EscapeDataString(ecosystem.Release)}/{plain}.html",
            "RLSA" or "RLBA" or "RXSA" => "https://errata.rockylinux.org/" + shown.Replace("%3A", ":", StringComparison.Ordinal),
            "ELSA" or "ELBA" => $"https://linux.oracle.com/errata/{plain}.html",
            "GHSA" => "https://github.com/advisories/" + shown,
            "GO" => "https://pkg.go.dev/vuln/" + shown,
            "RUSTSEC" => $"https://rustsec.org/advisories/{shown}.html",
            ['A', 'L', 'A', 'S', ..] => Amazon(id, ecosystem),
            "CVE" => OfCve(id, ecosystem),
            _ => null,
        };
    }

    /// <summary>A distribution's page on a CVE; null if it has none.</summary>
    public static string? OfCve(string cve, OsvEcosystem ecosystem)
    {
        if (!CveId.IsOne(cve))
        {
            return null;
        }

        return ecosystem.Name switch
        {
            "Alpine" => "https://security.alpinelinux.org/vuln/" + cve,
            "Debian" => "https://security-tracker.debian.org/tracker/" + cve,
            "Red Hat" => "https://access.redhat.com/security/cve/" + cve,
            "SUSE" or "openSUSE" => $"https://www.suse.com/security/cve/{cve}.html",
            "Ubuntu" => "https://ubuntu.com/security/" + cve,
            _ => null,
        };
    }

    // The pages of a release lie in a folder, and do without its number in their names: ALAS2KERNEL-5.15-2022-001 is AL2/ALASKERNEL-5.15-2022-001.
    private static string Amazon(string id, OsvEcosystem ecosystem)
    {
        string rest = id["ALAS".Length..];
        string release = ecosystem.Release is "2" or "2022" or "2023" ? ecosystem.Release : "";
        string folder = release.Length == 0 ? "" : $"AL{release}/";
        string number = release.Length > 0 && rest.StartsWith(release, StringComparison.Ordinal) ? rest[release.Length..] : rest;
        return $"https://alas.aws.amazon.com/{folder}ALAS{Uri.EscapeDataString(number)}.html";
    }
}
