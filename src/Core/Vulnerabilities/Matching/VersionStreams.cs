using System.Buffers;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>
/// Tells streams of rpm packages apart that have one name in one release: modules, extras, flavours. Each goes its own way, so a fix in one
/// says nothing of another.
/// </summary>
internal static class VersionStreams
{
    // What builds of modules have in their release: ".module+el8.4.0+…" of Red Hat, ".module_el8.4.0+…" of AlmaLinux
    // (https://docs.fedoraproject.org/en-US/modularity/building-modules/local-builds/).
    private const string ModuleMark = ".module";

    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("0123456789.");

    /// <summary>The versions that mend, in their order.</summary>
    public static IEnumerable<string> FixesOf(Posting posting) => posting.Ranges.SelectMany(FixesOf);

    public static IEnumerable<string> FixesOf(VersionRange range) =>
        range.Events.Where(point => point.Kind == RangeEventKind.Fixed).Select(point => point.Version);

    public static bool IsModularBuild(string version) =>
        version.Contains(ModuleMark + "+", StringComparison.Ordinal) || version.Contains(ModuleMark + "_", StringComparison.Ordinal);

    /// <summary><c>nodejs:18</c> of a label such as <c>nodejs:18:8090020240301:rhel9</c>; null if there is none.</summary>
    public static string? ModuleOf(string? label) => label?.Split(':') is [{ Length: > 0 } name, { Length: > 0 } stream, ..] ? $"{name}:{stream}" : null;

    /// <summary>
    /// Whether a fix can be of the stream that an installed version is of, going by the stream's name: php:7.4 has 7.4.30 and not 8.0.13. Of
    /// streams that are not named by a version (container-tools:rhel8) it always can.
    /// </summary>
    public static bool MayShare(string stream, string installed, string fix) => !Begins(installed, stream) || Begins(fix, stream);

    /// <summary>
    /// Whether a fix of one of Amazon Linux 2's extras can be meant for an installed version: which repository a package came from is not
    /// recorded. An extra is named by the versions it has (<c>kernel-5.15</c>, <c>nginx1</c>); the fixes of others are taken for those of
    /// packages with the same first two numbers, or of all where the core has no package of that name.
    /// </summary>
    public static bool MayBeOfExtra(string extra, string installed, IReadOnlyList<string> fixes, bool isInCoreToo)
    {
        string stream = extra[(extra.AsSpan().LastIndexOfAnyExcept(VersionCharacters) + 1)..].Trim('.');
        if (stream.Length > 0 && fixes.Any(fix => Begins(fix, stream)))
        {
            return Begins(installed, stream);
        }

        return !isInCoreToo || fixes.Any(fix => FirstNumbers(fix) == FirstNumbers(installed));
    }

    /// <summary>Which of Oracle's builds of a package it is: those for ksplice and of FIPS are mended apart, under epochs of their own.</summary>
    public static OracleFlavour FlavourOf(string version) =>
        version.Contains(".ksplice", StringComparison.Ordinal) ? OracleFlavour.Ksplice
        : version.Contains("_fips", StringComparison.Ordinal) ? OracleFlavour.Fips
        : OracleFlavour.Usual;

    private static bool Begins(string version, string stream)
    {
        ReadOnlySpan<char> upstream = UpstreamOf(version);
        return upstream.StartsWith(stream) && (upstream.Length == stream.Length || !char.IsAsciiDigit(upstream[stream.Length]));
    }

    private static string FirstNumbers(string version)
    {
        ReadOnlySpan<char> upstream = UpstreamOf(version);
        int first = upstream.IndexOf('.');
        int second = first < 0 ? -1 : upstream[(first + 1)..].IndexOf('.');
        return (second < 0 ? upstream : upstream[..(first + 1 + second)]).ToString();
    }

    private static ReadOnlySpan<char> UpstreamOf(string version)
    {
        ReadOnlySpan<char> rest = version.AsSpan(version.IndexOf(':') + 1);
        int release = rest.IndexOf('-');
        return release < 0 ? rest : rest[..release];
    }
}

/// <summary>Oracle's builds of one package that have versions of their own.</summary>
internal enum OracleFlavour
{
    Usual,
    Ksplice,
    Fips,
}
