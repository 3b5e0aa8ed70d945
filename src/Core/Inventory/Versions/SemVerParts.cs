using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A version of the SemVer family, cut into what is compared (https://semver.org/spec/v2.0.0.html#spec-item-11). Read leniently, as
/// advisories and build tools write: <c>v</c> or <c>=</c> in front, minor and patch left out (then 0), more than three numbers.
/// </summary>
internal ref struct SemVerParts
{
    private static readonly SearchValues<char> Identifier =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.");

    private static readonly SearchValues<char> BuildCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.+_~");

    /// <summary><c>1.2.3</c>: numbers with a dot between, at least one.</summary>
    public ReadOnlySpan<char> Numbers { get; private set; }

    /// <summary><c>rc.1</c>; empty for a release.</summary>
    public ReadOnlySpan<char> Prerelease { get; private set; }

    /// <summary><c>build.5</c>; empty if there is none. Only Pub compares it.</summary>
    public ReadOnlySpan<char> Build { get; private set; }

    // Go's own releases say rc2 where others say rc.2.
    private bool _isGoSpelling;

    public static bool TryParse(ReadOnlySpan<char> version, out SemVerParts parts)
    {
        bool isVersion = TryReadNumbers(version.Trim(" \t\r\n").TrimStart("v= "), out parts, out ReadOnlySpan<char> rest);
        return isVersion && (rest.IsEmpty || parts.TryReadPrerelease(rest));
    }

    /// <summary>
    /// Reads the version of a Go module, or of Go itself: <c>1.21rc2</c>, <c>go1.21.3</c>, <c>go1.22.1 X:boringcrypto</c>,
    /// <c>go1.21.3-bigcorp</c> (https://go.dev/doc/toolchain#version).
    /// </summary>
    public static bool TryParseGo(ReadOnlySpan<char> version, out SemVerParts parts)
    {
        version = version.Trim(" \t\r\n");
        if (version.StartsWith("go"))
        {
            // Of a toolchain's name, what comes after the version says who built it, and with which experiments.
            int end = version.IndexOfAny(" \t-");
            version = end < 0 ? version[2..] : version[2..end];
        }

        bool isVersion = TryReadNumbers(version is ['v', ..] ? version[1..] : version, out parts, out ReadOnlySpan<char> rest);
        parts._isGoSpelling = rest.StartsWith("rc") || rest.StartsWith("beta");
        if (parts._isGoSpelling)
        {
            parts.Prerelease = rest;
            return isVersion && DigitRuns.IsNumber(rest[(rest[0] == 'r' ? 2 : 4)..]);
        }

        return isVersion && (rest.IsEmpty || parts.TryReadPrerelease(rest));
    }

    /// <summary>Compares by precedence; <paramref name="ignoreCase"/> makes <c>RC</c> and <c>rc</c> the same, as NuGet has it.</summary>
    public static int Compare(SemVerParts a, SemVerParts b, bool ignoreCase)
    {
        int order = DigitRuns.CompareDotted(a.Numbers, b.Numbers);
        if (order != 0 || (a.Prerelease.IsEmpty && b.Prerelease.IsEmpty))
        {
            return order;
        }

        return a.Prerelease.IsEmpty || b.Prerelease.IsEmpty
            ? a.Prerelease.IsEmpty.CompareTo(b.Prerelease.IsEmpty)
            : CompareIdentifiers(a.Prerelease, a._isGoSpelling, b.Prerelease, b._isGoSpelling, ignoreCase);
    }

    /// <summary>Compares identifiers with dots between one by one; the list that ends first is before the other.</summary>
    public static int CompareIdentifiers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => CompareIdentifiers(a, false, b, false, ignoreCase: false);

    private static int CompareIdentifiers(ReadOnlySpan<char> a, bool isGoSpellingOfA, ReadOnlySpan<char> b, bool isGoSpellingOfB, bool ignoreCase)
    {
        while (!a.IsEmpty && !b.IsEmpty)
        {
            int order = CompareIdentifier(Next(ref a, isGoSpellingOfA), Next(ref b, isGoSpellingOfB), ignoreCase);
            if (order != 0)
            {
                return order;
            }
        }

        return b.IsEmpty.CompareTo(a.IsEmpty);
    }

    // Takes the build metadata off too; what is left is the prerelease with its mark.
    private static bool TryReadNumbers(ReadOnlySpan<char> version, out SemVerParts parts, out ReadOnlySpan<char> rest)
    {
        parts = default;
        rest = version;
        int plus = version.IndexOf('+');
        if (plus >= 0)
        {
            parts.Build = version[(plus + 1)..];
            rest = version[..plus];
            if (parts.Build.ContainsAnyExcept(BuildCharacters))
            {
                return false;
            }
        }

        ReadOnlySpan<char> all = rest;
        while (!DigitRuns.Take(ref rest).IsEmpty)
        {
            if (rest is not ['.', ..])
            {
                parts.Numbers = all[..^rest.Length];
                return true;
            }

            rest = rest[1..];
        }

        return false;
    }

    private bool TryReadPrerelease(ReadOnlySpan<char> text)
    {
        Prerelease = text[1..];
        return text[0] == '-'
            && Prerelease is not ([] or ['.', ..] or [.., '.'])
            && !Prerelease.ContainsAnyExcept(Identifier)
            && !Prerelease.Contains("..", StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest, bool isGoSpelling)
    {
        int end = isGoSpelling && rest[0] is not (>= '0' and <= '9') ? DigitRuns.IndexOf(rest) : rest.IndexOf('.');
        ReadOnlySpan<char> identifier = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(isGoSpelling ? end : end + 1)..];
        return identifier;
    }

    private static int CompareIdentifier(ReadOnlySpan<char> a, ReadOnlySpan<char> b, bool ignoreCase) =>
        (DigitRuns.IsNumber(a), DigitRuns.IsNumber(b)) switch
        {
            (true, true) => DigitRuns.Compare(a, b),
            (true, false) => -1,
            (false, true) => 1,
            _ when ignoreCase => a.CompareTo(b, StringComparison.OrdinalIgnoreCase),
            _ => a.SequenceCompareTo(b),
        };
}
