namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// What the name of an archive says: <c>ARTIFACT-VERSION[-CLASSIFIER].EXTENSION</c>
/// (https://maven.apache.org/repository/layout.html). Versions and artifacts may contain hyphens and digits both
/// (<c>log4j-1.2-api-2.14.1.jar</c>, <c>protobuf-java-3.0.0-beta-2.jar</c>), so the version begins where all that follows looks like one.
/// </summary>
/// <param name="Artifact">The name without the version; all of it if it has none.</param>
/// <param name="Version">Null if the name has none.</param>
/// <param name="Classifier">What kind of archive of the package it is (<c>sources</c>); null for the main one.</param>
/// <param name="IsSure">Whether the version is such as others have; if not, part of the artifact may be in it.</param>
internal sealed record JarFileName(string Artifact, string? Version, string? Classifier, bool IsSure)
{
    // NAME_MAX of Linux. Members of archives may have longer names, which no tool has written.
    private const int MaxLength = 255;

    // What follows a number in versions of public packages, by the letters it begins with.
    private static readonly HashSet<string> Qualifiers = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "alpha", "android", "atlassian", "b", "beta", "build", "cr", "dev", "ea", "final", "ga", "hadoop", "hotfix", "hudson", "incubating",
        "java", "jbossorg", "jdk", "jenkins", "jre", "m", "milestone", "p", "patch", "pre", "preview", "r", "rc", "redhat", "release", "rev", "snapshot",
        "sp", "v",
    };

    // Published beside the main archive, or made of it by a build.
    private static readonly string[] Classifiers =
    [
        "test-sources", "test-javadoc", "sources", "javadoc", "tests", "test", "jar-with-dependencies", "shaded", "uber", "fat", "all", "exec", "runner",
        "standalone", "bin", "plain", "boot", "classes", "no_aop", "indy",
    ];

    /// <summary>Whether it holds sources or documentation by its name.</summary>
    public bool IsForReading => Classifier is "sources" or "javadoc" or "test-sources" or "test-javadoc";

    /// <summary>Whether the name is that of the artifact, with or without whatever version.</summary>
    public bool IsOf(string artifact) =>
        Artifact == artifact || (Version is not null && !IsSure && $"{Artifact}-{Version}" is var whole
            && (whole == artifact || whole.StartsWith(artifact + "-", StringComparison.Ordinal)));

    /// <summary>The parts of a file's name.</summary>
    /// <param name="path">With its extension; folders do not matter.</param>
    /// <param name="knownVersion">What the archive itself says, to tell version and artifact apart; null if it does not.</param>
    public static JarFileName Of(string path, string? knownVersion = null)
    {
        string fileName = path[(path.LastIndexOf('/') + 1)..];
        int dot = fileName.LastIndexOf('.');
        string name = dot > 0 ? fileName[..dot] : fileName;
        if (name.Length > MaxLength)
        {
            return new JarFileName(name, null, null, IsSure: true);
        }

        string? classifier = null;
        foreach (string known in Classifiers)
        {
            if (name.Length > known.Length + 1 && name.EndsWith(known, StringComparison.OrdinalIgnoreCase) && name[^(known.Length + 1)] == '-'
                && VersionStart(name[..^(known.Length + 1)], knownVersion, out _) > 0)
            {
                classifier = known;
                name = name[..^(known.Length + 1)];
                break;
            }
        }

        int start = VersionStart(name, knownVersion, out bool isSure);
        return start > 0
            ? new JarFileName(name[..(start - 1)], VersionAs(name[start..], knownVersion), classifier, isSure)
            : new JarFileName(name, null, classifier, IsSure: true);
    }

    // Where the version begins; -1 if there is none, or if what looks like one is doubtful and the archive itself says another.
    private static int VersionStart(string name, string? knownVersion, out bool isSure)
    {
        // Each part is looked at once: members of archives may have names of hundreds of them.
        var starts = new List<(int At, int Part)>();
        string[] parts = name.Split('-');
        for (int part = 1, at = parts[0].Length + 1; part < parts.Length; at += parts[part].Length + 1, part++)
        {
            if (at > 1 && BeginsVersion(parts[part]))
            {
                starts.Add((at, part));
            }
        }

        int lastOfArtifact = Array.FindLastIndex(parts, part => !ContinuesVersion(part));
        int start = First(starts, start => IsKnown(name.AsSpan(start.At), knownVersion))
            ?? First(starts, start => start.Part >= lastOfArtifact)
            ?? First(starts, start => IsLike(parts[start.Part], knownVersion))
            ?? -1;
        isSure = start > 0;
        return isSure || knownVersion is not null || starts.Count == 0 ? start : starts[^1].At;
    }

    private static int? First(List<(int At, int Part)> starts, Predicate<(int At, int Part)> fits)
    {
        int found = starts.FindIndex(fits);
        return found < 0 ? null : starts[found].At;
    }

    // A known version is the better reading of a name that has more behind it (1.0-exec), or no dots (bcprov-jdk15on-168 of Bouncy Castle).
    private static string VersionAs(string written, string? known) =>
        known is not null
        && (IsKnown(written, known)
            || (IsLike(written.Split('-')[0], known) && !written.Split('-').Skip(1).All(ContinuesVersion))
            || (written.All(char.IsAsciiDigit) && known.Contains('.', StringComparison.Ordinal)
                && known.Replace(".", "", StringComparison.Ordinal).StartsWith(written, StringComparison.Ordinal)))
            ? known
            : written;

    private static bool IsKnown(ReadOnlySpan<char> rest, string? known) =>
        known is not null && rest.StartsWith(known, StringComparison.Ordinal) && (rest.Length == known.Length || rest[known.Length] == '-');

    // 1.0-exec for 1.0.0: bundles have three numbers always.
    private static bool IsLike(string first, string? known) =>
        known is not null
        && (first == known || first.StartsWith(known + ".", StringComparison.Ordinal) || known.StartsWith(first + ".", StringComparison.Ordinal));

    // 1.2, v1.2, and r09 or build212 as old packages have it; but not "3.x", which stands for many.
    private static bool BeginsVersion(string first)
    {
        string letters = LettersOf(first);
        return first.Length > letters.Length
            && char.IsAsciiDigit(first[letters.Length])
            && !first.EndsWith(".x", StringComparison.OrdinalIgnoreCase)
            && (letters is "" || (letters is "v" or "r" or "build" && first.AsSpan(letters.Length).TrimStart("0123456789.").IsEmpty));
    }

    private static bool ContinuesVersion(string part) => part.Length > 0 && (char.IsAsciiDigit(part[0]) || Qualifiers.Contains(LettersOf(part)));

    private static string LettersOf(string text) => new([.. text.TakeWhile(char.IsAsciiLetter)]);
}
