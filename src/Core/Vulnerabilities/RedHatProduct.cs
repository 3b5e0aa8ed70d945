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
    private const string MainName = "enterprise_linux";

    // Applications and operating systems; which of both a product is called differs between files for one and the same product.
    private static readonly string[] Prefixes = ["cpe:/o:redhat:", "cpe:/a:redhat:"];

    private static readonly string[] LongerPrefixes = ["rhel_", MainName + "_"];
    private static readonly string[] LongerNames = ["eus", "aus", "tus", "e4s", "els", "eus_long_life"];

    // Parts of one distribution with one version of a package between them. Red Hat advises to leave the channel out of comparisons
    // (https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/#cpe-matching-logic), but others than these have builds of their own
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
        ecosystem.Name == EcosystemName && (NameOf(ecosystem) == MainName || IsLongerStream(ecosystem));

    /// <summary>
    /// Whether it is a minor release of Enterprise Linux that is maintained longer than the main stream stays on it
    /// (https://access.redhat.com/support/policy/updates/errata#Long_Support): <c>rhel_eus:9.2::baseos</c>, from release 10 on
    /// <c>enterprise_linux_eus:10.2</c>.
    /// </summary>
    public static bool IsLongerStream(OsvEcosystem ecosystem) =>
        ecosystem.Name == EcosystemName && NameOf(ecosystem) is var name
        && Array.Exists(LongerPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal) && LongerNames.Contains(name[prefix.Length..]));

    /// <summary>
    /// A minor release of the main stream as the stream: <c>enterprise_linux:10.1</c> as <c>enterprise_linux:10</c>, since whoever is in it gets
    /// all of them. Everything else as it is.
    /// </summary>
    public static OsvEcosystem Stream(OsvEcosystem ecosystem)
    {
        int dot = IsEnterpriseLinux(ecosystem) && !IsLongerStream(ecosystem) ? VersionOf(ecosystem).IndexOf('.', StringComparison.Ordinal) : -1;
        return dot < 0 ? ecosystem : ecosystem with { Release = $"{MainName}:{VersionOf(ecosystem)[..dot]}" };
    }

    /// <summary><c>enterprise_linux</c>.</summary>
    public static string NameOf(OsvEcosystem ecosystem) => ecosystem.Release.Split(':', 2)[0];

    /// <summary><c>9.2</c> of <c>rhel_eus:9.2::baseos</c>; "" if it has none.</summary>
    public static string VersionOf(OsvEcosystem ecosystem) => ecosystem.Release.Split(':') is { Length: > 1 } parts ? parts[1] : "";
}
