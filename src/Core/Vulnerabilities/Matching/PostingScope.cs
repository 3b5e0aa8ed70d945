using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Whether a statement is about an installed package at all, whatever its version.</summary>
internal static class PostingScope
{
    /// <summary>What of a posting is about the package that was looked up; null if nothing is.</summary>
    /// <param name="posting">One of <paramref name="all"/>.</param>
    /// <param name="key">The package.</param>
    /// <param name="all">Everything that is said under this name.</param>
    public static Posting? Of(Posting posting, in AdvisoryKey key, IReadOnlyList<Posting> all)
    {
        if (!IsNamed(posting.NameKind, key))
        {
            return null;
        }

        if (!key.IsRpm)
        {
            return posting;
        }

        if (!IsBuiltFor(posting.Architectures, key.Architecture) || !IsOfModule(posting, key) || !IsOfRepository(posting, key.Version, all))
        {
            return null;
        }

        return key.Ecosystem.Name == "Oracle Linux" ? OfFlavour(posting, VersionStreams.FlavourOf(key.Version)) : posting;
    }

    private static bool IsNamed(PackageNameKind kind, in AdvisoryKey key) => (key.NameIs & kind switch
    {
        PackageNameKind.Source => PackageNames.Source,
        PackageNameKind.Own => PackageNames.Own,
        _ => key.Usual,
    }) != PackageNames.None;

    private static bool IsBuiltFor(IReadOnlyList<string> architectures, string? installed) =>
        architectures.Count == 0 || installed is null or "noarch" || architectures.Contains(installed, StringComparer.Ordinal);

    // Both ways: a module's fix is none for a package outside of it. Records of AlmaLinux and Rocky do not say of which module they are; their
    // builds show that they are of one.
    private static bool IsOfModule(Posting posting, in AdvisoryKey key)
    {
        string? module = VersionStreams.ModuleOf(key.Module);
        if (posting.Module is not null)
        {
            return posting.Module == module;
        }

        bool isModular = module is not null || VersionStreams.IsModularBuild(key.Version);
        if (!isModular && posting.Ranges.Count == 0)
        {
            return true;
        }

        string[] modular = [.. VersionStreams.FixesOf(posting).Where(VersionStreams.IsModularBuild)];
        if (module is null || modular.Length == 0)
        {
            return isModular == modular.Length > 0;
        }

        string stream = module[(module.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string installed = key.Version;
        return modular.Any(fix => VersionStreams.MayShare(stream, installed, fix));
    }

    private static bool IsOfRepository(Posting posting, string installed, IReadOnlyList<Posting> all) => posting.Repository is null
        || VersionStreams.MayBeOfExtra(posting.Repository, installed, [.. VersionStreams.FixesOf(posting)], all.Any(other => other.Repository is null));

    private static Posting? OfFlavour(Posting posting, OracleFlavour flavour)
    {
        VersionRange[] ranges = [.. posting.Ranges.Where(range => VersionStreams.FixesOf(range).All(fix => VersionStreams.FlavourOf(fix) == flavour))];
        return ranges.Length == posting.Ranges.Count ? posting
            : ranges.Length == 0 && posting.Versions.Count == 0 ? null
            : posting with { Ranges = ranges };
    }
}
