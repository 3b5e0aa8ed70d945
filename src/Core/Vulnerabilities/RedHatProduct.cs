namespace ImageScan.Core.Vulnerabilities;

/// <summary>
/// Red Hat's products, which it names by CPE 2.2 URIs (https://redhatproductsecurity.github.io/security-data-guidelines/cpe/), as ecosystems in OSV's
/// spelling: <c>cpe:/a:redhat:enterprise_linux:9::appstream</c> is <c>Red Hat:enterprise_linux:9::appstream</c>
/// (https://ossf.github.io/osv-schema/#affectedpackage-field).
/// </summary>
public static class RedHatProduct
{
    public const string EcosystemName = "Red Hat";

    private const int MaxLength = 256;

    // Applications and operating systems; which of both a product is called differs between files for one and the same product.
    private static readonly string[] Prefixes = ["cpe:/o:redhat:", "cpe:/a:redhat:"];

    // Parts of one distribution with one version of a package between them. Red Hat advises to leave the channel out of comparisons
    // (https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/), but others than these have builds of their own
    // (enterprise_linux:9::fastdatapath).
    private static readonly string[] Channels = ["appstream", "baseos", "crb"];

    /// <summary>The ecosystem of a product; null if the text is no CPE 2.2 URI of a product of Red Hat's.</summary>
    public static OsvEcosystem? EcosystemOf(string cpe)
    {
        string? prefix = cpe.Length <= MaxLength
            ? Array.Find(Prefixes, candidate => cpe.StartsWith(candidate, StringComparison.Ordinal))
            : null;
        string product = prefix is null ? "" : cpe[prefix.Length..].TrimEnd(':');
        return product.Length == 0 || product.AsSpan().ContainsAny(" \t\r\n") ? null : new OsvEcosystem(EcosystemName, product);
    }

    /// <summary>
    /// The ecosystem and all wider ones that it is a part of, nearest first. A statement about <c>openshift:4</c> is about
    /// <c>openshift:4.13::el8</c> too: Red Hat's CPEs are patterns for what begins like them.
    /// </summary>
    public static IReadOnlyList<OsvEcosystem> Within(OsvEcosystem ecosystem)
    {
        // Product, version, update, edition; of these the version alone has parts of its own.
        string[] parts = ecosystem.Release.Split(':');
        var wider = new List<string>();
        for (int count = parts.Length; count > 1; count--)
        {
            wider.AddRange(parts[count - 1].Length > 0 ? [string.Join(':', parts[..count])] : []);
        }

        string version = parts.Length > 1 ? parts[1] : "";
        for (int dot = version.LastIndexOf('.'); dot > 0; dot = version.LastIndexOf('.'))
        {
            version = version[..dot];
            wider.Add($"{parts[0]}:{version}");
        }

        wider.Add(parts[0]);
        return [.. wider.Select(release => ecosystem with { Release = release })];
    }

    /// <summary>The same product in the other channels of the main repositories of its distribution; itself alone where it has no such channels.</summary>
    public static IEnumerable<OsvEcosystem> Siblings(OsvEcosystem ecosystem)
    {
        int end = ecosystem.Release.IndexOf("::", StringComparison.Ordinal);
        return IsEnterpriseLinux(ecosystem) && end > 0 && Channels.Contains(ecosystem.Release[(end + 2)..])
            ? Channels.Select(channel => ecosystem with { Release = $"{ecosystem.Release[..end]}::{channel}" })
            : [ecosystem];
    }

    /// <summary>Whether it is Enterprise Linux, in its main stream or in one that is maintained longer (<c>rhel_eus</c>, <c>rhel_aus</c>).</summary>
    public static bool IsEnterpriseLinux(OsvEcosystem ecosystem) =>
        ecosystem.Name == EcosystemName && (NameOf(ecosystem) == "enterprise_linux" || IsLongerStream(ecosystem));

    /// <summary>
    /// Whether it is a minor release of Enterprise Linux that is maintained longer than the main stream stays on it
    /// (https://access.redhat.com/support/policy/updates/errata#Long_Support), such as <c>rhel_eus:9.2::baseos</c>.
    /// </summary>
    public static bool IsLongerStream(OsvEcosystem ecosystem) =>
        ecosystem.Name == EcosystemName && NameOf(ecosystem) is "rhel_eus" or "rhel_aus" or "rhel_tus" or "rhel_e4s" or "rhel_els" or "rhel_eus_long_life";

    /// <summary><c>enterprise_linux</c>.</summary>
    public static string NameOf(OsvEcosystem ecosystem) => ecosystem.Release.Split(':', 2)[0];

    /// <summary><c>9.2</c> of <c>rhel_eus:9.2::baseos</c>; "" if it has none.</summary>
    public static string VersionOf(OsvEcosystem ecosystem) => ecosystem.Release.Split(':') is { Length: > 1 } parts ? parts[1] : "";
}
