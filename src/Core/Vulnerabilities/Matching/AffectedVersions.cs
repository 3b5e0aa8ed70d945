using ImageScan.Core.Inventory.Versions;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Whether a posting is about a version: it is listed, or any range holds it (https://ossf.github.io/osv-schema/#evaluation).</summary>
/// <param name="Verdict">Whether it is affected.</param>
/// <param name="Fixes">Of every range that holds the version, the version that mends it; ranges without one give none.</param>
internal readonly record struct AffectedVersions(AffectedVerdict Verdict, IReadOnlyList<string> Fixes)
{
    // Their records name versions as the files of rpms are called, which have no epochs; a package may have one all the same
    // (https://rpm-packaging-guide.github.io/#epoch).
    private static readonly HashSet<string> WithoutEpochs = ["Mageia", "Photon OS", "SUSE", "openEuler", "openSUSE"];

    // Bitnami's of Tomcat have 58 spans in a row (BIT-tomcat-2020-13943).
    private const int MaxNeighbours = 1_000;

    /// <summary>Says so of a posting about the package that was looked up.</summary>
    public static AffectedVersions Of(Posting posting, in AdvisoryKey key)
    {
        (OsvEcosystem ecosystem, string version) = (key.Ecosystem, key.Version);
        int colon = version.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 && key.IsRpm && key.NameIs == PackageNames.Source && EpochOf(posting) is { } epoch)
        {
            // An rpm tells its source by the name of a file, which has no epoch, and need not have that of the source itself: perl's sources have 4,
            // perl-Errno has none.
            version = epoch + version;
        }

        if (colon >= 0 && WithoutEpochs.Contains(ecosystem.Name) && !posting.Ranges.Any(NamesEpoch))
        {
            version = version[(colon + 1)..];
        }

        var verdict = AffectedVerdict.NotAffected;
        List<string>? fixes = null;
        foreach (var range in posting.Ranges)
        {
            if (range.SchemeIn(ecosystem) is not { } scheme)
            {
                verdict = Worse(verdict, AffectedVerdict.NoOrder);
                continue;
            }

            // A range without end holds even what is no version; but who cannot read the version cannot vouch for it.
            var held = scheme.Places(version) ? range.Holds(version, scheme, out string? fixedBy) : Unreadable(out fixedBy);
            verdict = Worse(verdict, held switch
            {
                RangeVerdict.Affected => AffectedVerdict.Affected,
                RangeVerdict.CannotTell => AffectedVerdict.NoVersion,
                _ => AffectedVerdict.NotAffected,
            });
            if (fixedBy is not null)
            {
                (fixes ??= []).Add(fixedBy);
            }
        }

        bool isAffected = verdict == AffectedVerdict.Affected || Lists(posting, ecosystem, version);
        return new AffectedVersions(isAffected ? AffectedVerdict.Affected : verdict, fixes ?? []);
    }

    /// <summary>
    /// The version that mends all that one record says of a library's package: the end of one span can be the beginning of the next, in
    /// another range or another entry of it (https://pkg.go.dev/vuln/GO-2023-2185: stdlib 1.20.11 is mended in 1.20.12). Null if the record names none.
    /// </summary>
    /// <param name="fix">The version that ends the span of the installed one.</param>
    /// <param name="key">The package.</param>
    /// <param name="record">All that the record says of it.</param>
    public static string? Mending(string fix, in AdvisoryKey key, IReadOnlyList<Posting> record)
    {
        for (int i = 0; i < MaxNeighbours; i++)
        {
            AffectedVersions held = default;
            for (int said = 0; said < record.Count && held.Verdict != AffectedVerdict.Affected; said++)
            {
                held = Of(record[said], key with { Version = fix });
            }

            if (held.Verdict != AffectedVerdict.Affected)
            {
                return fix;
            }

            if (held.Fixes.Count == 0)
            {
                return null;
            }

            fix = held.Fixes[0];
        }

        return null;
    }

    private static string? EpochOf(Posting posting) => posting.Ranges.SelectMany(range => range.Events).Select(point => point.Version)
        .Where(version => version.IndexOf(':', StringComparison.Ordinal) is > 0 and < 10)
        .Select(version => version[..(version.IndexOf(':', StringComparison.Ordinal) + 1)]).FirstOrDefault();

    private static bool NamesEpoch(VersionRange range) => range.Events.Any(point => point.Version.Contains(':', StringComparison.Ordinal));

    private static bool Lists(Posting posting, OsvEcosystem ecosystem, string version)
    {
        if (posting.Versions.Count == 0)
        {
            return false;
        }

        VersionScheme? scheme = VersionSchemes.For(ecosystem.Name);
        return posting.Versions.Any(listed =>
            listed == version || (scheme is not null && scheme.TryCompare(version, listed, out int order) && order == 0));
    }

    private static RangeVerdict Unreadable(out string? fixedBy)
    {
        fixedBy = null;
        return RangeVerdict.CannotTell;
    }

    private static AffectedVerdict Worse(AffectedVerdict left, AffectedVerdict right) => left > right ? left : right;
}

/// <summary>Ascending by how much it outweighs the others when several ranges speak.</summary>
internal enum AffectedVerdict
{
    NotAffected,

    /// <summary>Nobody here knows the order of the ecosystem's versions.</summary>
    NoOrder,

    /// <summary>A version is none of its ecosystem.</summary>
    NoVersion,
    Affected,
}
