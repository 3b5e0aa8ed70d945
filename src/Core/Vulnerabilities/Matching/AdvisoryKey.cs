using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Under what an installed package is looked up, and all of it that its advisories speak of.</summary>
/// <param name="Ecosystem">The ecosystem, its release included.</param>
/// <param name="Name">The name.</param>
/// <param name="Version">The version that has this name: the source's can differ from that of a package built from it.</param>
internal readonly partial record struct AdvisoryKey(OsvEcosystem Ecosystem, string Name, string Version)
{
    /// <summary>Whose name <see cref="Name"/> is.</summary>
    public PackageNames NameIs { get; init; } = PackageNames.Both;

    /// <summary>The names that are meant where an advisory does not say whose.</summary>
    public PackageNames Usual { get; init; } = PackageNames.Both;

    /// <summary>What is said under this key counts beside the rest as this says.</summary>
    public AdvisoryVoice Voice { get; init; }

    /// <summary>Whether it is an rpm: only these are built for one architecture of many under one name, and in modules.</summary>
    public bool IsRpm { get; init; }

    /// <summary>As rpm writes it; null for others.</summary>
    public string? Architecture { get; init; }

    /// <summary>The label of the module it was built in; null if in none.</summary>
    public string? Module { get; init; }

    /// <summary>The key of a language's package; null if no advisories are known for what it is.</summary>
    public static AdvisoryKey? OfLanguage(Package package)
    {
        // Many artifacts of different groups have one name: advisories name both (https://ossf.github.io/osv-schema/#affectedpackage-field).
        bool isHalfNamed = package.Type == PackageType.Maven && !package.Name.Contains(':', StringComparison.Ordinal);
        return package.Type.Ecosystem is { } name && !isHalfNamed ? new AdvisoryKey(new OsvEcosystem(name, ""), package.Name, package.Version) : null;
    }

    /// <summary>The keys of a package of the system under one ecosystem: by its source's name, and by its own where that is another.</summary>
    public static IEnumerable<AdvisoryKey> OfSystem(Package package, OsvEcosystem ecosystem, PackageNames usual, AdvisoryVoice voice)
    {
        string source = package.SourceName ?? package.Name;
        string version = package.SourceVersion ?? package.Version;
        if (package.Type == PackageType.Dpkg && SignedKernel().Match(source) is { Success: true } signed)
        {
            source = "linux" + signed.Groups["flavour"].Value;
            version = VersionOfUnsigned(version);
        }

        bool isRpm = package.Type == PackageType.Rpm;
        // Of one name with two versions the source's is meant, where either could be.
        PackageNames meant = source == package.Name && usual == PackageNames.Both ? PackageNames.Source : usual;
        var bySource = new AdvisoryKey(ecosystem, source, version)
        {
            NameIs = source == package.Name && version == package.Version ? PackageNames.Both : PackageNames.Source,
            Usual = meant,
            Voice = voice,
            IsRpm = isRpm,
            Architecture = isRpm ? package.Architecture : null,
            Module = isRpm ? package.Module : null,
        };
        yield return bySource;
        if (bySource.NameIs != PackageNames.Both)
        {
            yield return bySource with { Name = package.Name, Version = package.Version, NameIs = PackageNames.Own };
        }
    }

    // 6.1.76+1 of linux 6.1.76-1. Without a hyphen it is wholly an upstream version, and those sort after all with one: no fix would be newer.
    private static string VersionOfUnsigned(string version)
    {
        int plus = version.Contains('-', StringComparison.Ordinal) ? -1 : version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : $"{version[..plus]}-{version[(plus + 1)..]}";
    }

    // Kernels signed for Secure Boot have a source of their own, which trackers do not know: Debian's for each architecture
    // (https://tracker.debian.org/pkg/linux-signed-amd64), Ubuntu's for each flavour (linux-signed-hwe-5.15 of linux-hwe-5.15); as in
    // https://github.com/future-architect/vuls/blob/master/models/packages.go.
    [GeneratedRegex("^linux-signed(?<flavour>-.+?)??(?:-(?:amd64|arm64|i386))?$", RegexOptions.CultureInvariant)]
    private static partial Regex SignedKernel();
}
