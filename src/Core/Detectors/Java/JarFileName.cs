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

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> QualifiersBySpan = Qualifiers.GetAlternateLookup<ReadOnlySpan<char>>();

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
                && VersionStart(name.AsSpan(0, name.Length - known.Length - 1), knownVersion, out _) > 0)
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

    // Where the version begins; -1 if there is none, or if what looks like one is doubtful and the archive itself says another. The name is
    // walked once, from its end: an archive may name 50,000 others.
    private static int VersionStart(ReadOnlySpan<char> name, string? knownVersion, out bool isSure)
    {
        (int known, int usual, int like, int last) = (-1, -1, -1, -1);
        bool allContinue = true;
        int end = name.Length;
        for (int hyphen; (hyphen = name[..end].LastIndexOf('-')) > 0; end = hyphen)
        {
            int start = hyphen + 1;
            ReadOnlySpan<char> part = name[start..end];
            if (BeginsVersion(part))
            {
                last = last < 0 ? start : last;
                known = IsKnown(name[start..], knownVersion) ? start : known;
                usual = allContinue ? start : usual;
                like = IsLike(part, knownVersion) ? start : like;
            }

            allContinue &= ContinuesVersion(part);
        }

        int found = known > 0 ? known : usual > 0 ? usual : like;
        isSure = found > 0;
        return isSure || knownVersion is not null ? found : last;
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

    private static bool IsKnown(ReadOnlySpan<char> rest, string? known) => known is not null && StartsWithAll(rest, known, '-');

    // 1.0-exec for 1.0.0: bundles have three numbers always.
    private static bool IsLike(ReadOnlySpan<char> first, string? known) =>
        known is not null && (StartsWithAll(first, known, '.') || StartsWithAll(known, first, '.'));

    // Whether the text is that beginning, or goes on behind it with the sign.
    private static bool StartsWithAll(ReadOnlySpan<char> text, ReadOnlySpan<char> beginning, char sign) =>
        text.StartsWith(beginning) && (text.Length == beginning.Length || text[beginning.Length] == sign);

    // 1.2, v1.2, and r09 or build212 as old packages have it; but not "3.x", which stands for many.
    private static bool BeginsVersion(ReadOnlySpan<char> part)
    {
        int letters = LettersOf(part);
        return part.Length > letters
            && char.IsAsciiDigit(part[letters])
            && !part.EndsWith(".x", StringComparison.OrdinalIgnoreCase)
            && (letters == 0 || (part[..letters] is "v" or "r" or "build" && part[letters..].TrimStart("0123456789.").IsEmpty));
    }

    private static bool ContinuesVersion(ReadOnlySpan<char> part) =>
        part.Length > 0 && (char.IsAsciiDigit(part[0]) || QualifiersBySpan.Contains(part[..LettersOf(part)]));

    private static bool ContinuesVersion(string part) => ContinuesVersion(part.AsSpan());

    // How many letters it begins with.
    private static int LettersOf(ReadOnlySpan<char> text)
    {
        int letters = 0;
        while (letters < text.Length && char.IsAsciiLetter(text[letters]))
        {
            letters++;
        }

        return letters;
    }
}
