using System.Globalization;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Which advisories are about the packages of a distribution.</summary>
/// <param name="PackageType">Its packages; those of another package manager in the same image are not its own.</param>
/// <param name="Ecosystems">All spellings in use for this release.</param>
/// <param name="OwnNames">Whether advisories are filed under the installed name as well as under the source's.</param>
internal sealed record DistributionAdvisories(PackageType PackageType, IReadOnlyList<OsvEcosystem> Ecosystems, bool OwnNames = false)
{
    /// <summary>
    /// By os-release ID alone: what a distribution was derived from (ID_LIKE) is mended at other versions. Null if it is not known, or
    /// its release cannot be told.
    /// </summary>
    public static DistributionAdvisories? Of(Distribution? distribution) => distribution?.Id switch
    {
        "debian" => Debian(distribution.VersionId),
        // LTS releases carry it in their name: https://ossf.github.io/osv-schema/#affectedpackage-field. Fixes of Ubuntu:Pro are no fixes for
        // an image without a subscription.
        "ubuntu" when distribution.VersionId.Length > 0 => new(
            PackageType.Dpkg,
            [new OsvEcosystem("Ubuntu", distribution.VersionId + ":LTS"), new OsvEcosystem("Ubuntu", distribution.VersionId)]),
        "alpine" => Alpine(distribution.VersionId),
        // Rolling: their VERSION_ID is a date. Advisories name packages or their origins
        // (https://edu.chainguard.dev/chainguard/chainguard-images/staying-secure/working-with-scanners/).
        "wolfi" => new(PackageType.Apk, [new OsvEcosystem("Wolfi", "")], OwnNames: true),
        "chainguard" => new(PackageType.Apk, [new OsvEcosystem("Chainguard", "")], OwnNames: true),
        "minimos" => new(PackageType.Apk, [new OsvEcosystem("MinimOS", "")], OwnNames: true),
        _ => null,
    };

    // "11", also as "11.5"; up to 6.0 the second number was part of the release's name. Testing and sid have no VERSION_ID.
    private static DistributionAdvisories? Debian(string versionId)
    {
        int dot = versionId.IndexOf('.', StringComparison.Ordinal);
        string major = dot < 0 ? versionId : versionId[..dot];
        return int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new(PackageType.Dpkg, [new OsvEcosystem("Debian", number >= 7 ? major : versionId)])
            : null;
    }

    // "3.9.2" is v3.9; edge is "3.21_alpha20240807" in os-release and "edge" in the list of repositories.
    private static DistributionAdvisories? Alpine(string versionId)
    {
        if (versionId == "edge" || versionId.Contains('_', StringComparison.Ordinal))
        {
            return new(PackageType.Apk, [new OsvEcosystem("Alpine", "edge")]);
        }

        string[] parts = versionId.Split('.');
        return parts.Length >= 2 && parts[..2].All(part => part.Length > 0 && part.All(char.IsAsciiDigit))
            ? new(PackageType.Apk, [new OsvEcosystem("Alpine", $"v{parts[0]}.{parts[1]}")])
            : null;
    }
}
