namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Versions as rpm writes them, and what the name of a source package says.</summary>
internal static class RpmVersion
{
    /// <summary><c>epoch:version-release</c>; an epoch of 0 is not written, as a missing one means 0.</summary>
    public static string Of(ulong epoch, string versionAndRelease) => epoch == 0 ? versionAndRelease : $"{epoch}:{versionAndRelease}";

    /// <summary>Whether a package is in truth an imported key: rpm keeps those among the packages (rpmkeys(8)).</summary>
    public static bool IsKey(string? name) => name == "gpg-pubkey";

    /// <summary>
    /// Name and version of a source package by its file name, <c>name-version-release.src.rpm</c> or <c>….nosrc.rpm</c>: neither version nor
    /// release has a dash (https://rpm-software-management.github.io/rpm/manual/spec.html). The file name has no epoch; the source is taken to
    /// have that of the packages made of it. Nulls if it is no such name.
    /// </summary>
    public static (string? Name, string? Version) SourceOf(string? fileName, ulong epoch)
    {
        if (fileName is null || !fileName.EndsWith(".rpm", StringComparison.Ordinal))
        {
            return (null, null);
        }

        string whole = fileName[..^".rpm".Length];
        int architecture = whole.LastIndexOf('.');
        int release = architecture <= 0 ? -1 : whole.LastIndexOf('-', architecture - 1);
        int version = release <= 0 ? -1 : whole.LastIndexOf('-', release - 1);
        return version <= 0 || version + 1 == release || release + 1 == architecture
            ? (null, null)
            : (whole[..version], Of(epoch, whole[(version + 1)..architecture]));
    }
}
