namespace ImageScan.Core.Detectors.Bitnami;

/// <summary>
/// A package URL of Bitnami's: <c>pkg:bitnami/redis@7.2.4-5?arch=amd64&amp;distro=debian-12</c>
/// (https://github.com/package-url/purl-spec, types/bitnami-definition.json).
/// </summary>
internal sealed record BitnamiPurl(string Name, string Version, string? Architecture)
{
    private const string Prefix = "pkg:bitnami/";

    /// <summary>Null if it is another type's, or lacks its name or version.</summary>
    public static BitnamiPurl? Parse(string purl)
    {
        if (!purl.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string[] whole = purl[Prefix.Length..].Split('#')[0].Split('?', 2);
        int at = whole[0].LastIndexOf('@');
        string name = at < 0 ? "" : Uri.UnescapeDataString(whole[0][..at]).Trim('/', ' ');
        string version = at < 0 ? "" : Uri.UnescapeDataString(whole[0][(at + 1)..]).Trim();
        string? architecture = whole.Length < 2
            ? null
            : Array.Find(whole[1].Split('&'), qualifier => qualifier.StartsWith("arch=", StringComparison.Ordinal))?[5..];
        return name.Length == 0 || version.Length == 0
            ? null
            : new BitnamiPurl(name, version, string.IsNullOrEmpty(architecture) ? null : Uri.UnescapeDataString(architecture));
    }
}
