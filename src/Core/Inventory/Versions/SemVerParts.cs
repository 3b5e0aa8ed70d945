using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A version of the SemVer family, cut into what is compared (https://semver.org/spec/v2.0.0.html#spec-item-11). Build metadata is
/// dropped. Read leniently, as advisories and build tools write: <c>v</c> or <c>=</c> in front, minor and patch left out (then 0),
/// more than three numbers.
/// </summary>
internal ref struct SemVerParts
{
    private static readonly SearchValues<char> Identifier =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.");

    private static readonly SearchValues<char> Build =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.+_~");

    /// <summary><c>1.2.3</c>: numbers with a dot between, at least one.</summary>
    public ReadOnlySpan<char> Numbers { get; private set; }

    /// <summary><c>rc.1</c>; empty for a release.</summary>
    public ReadOnlySpan<char> Prerelease { get; private set; }

    // Go's own releases say rc2 where others say rc.2.
    private bool _isGoSpelling;

    public static bool TryParse(ReadOnlySpan<char> version, out SemVerParts parts)
    {
        parts = default;
        version = version.Trim(" \t\r\n").TrimStart("v= ");
        if (version.StartsWith("go") && version.Length > 2)
        {
            version = version[2..];

            // go1.22.1 X:boringcrypto: after the space stand the experiments it was built with.
            int space = version.IndexOf(' ');
            version = space < 0 ? version : version[..space];
        }

        ReadOnlySpan<char> all = version;
        if (!TrySkipNumbers(ref version))
        {
            return false;
        }

        parts.Numbers = all[..^version.Length];
        int plus = version.IndexOf('+');
        if (plus >= 0)
        {
            if (version.ContainsAnyExcept(Build))
            {
                return false;
            }

            version = version[..plus];
        }

        return version.IsEmpty || parts.TryReadPrerelease(version);
    }

    /// <summary>Compares by precedence; <paramref name="ignoreCase"/> makes <c>RC</c> and <c>rc</c> the same, as NuGet has it.</summary>
    public static int Compare(SemVerParts a, SemVerParts b, bool ignoreCase)
    {
        int order = DigitRuns.CompareDotted(a.Numbers, b.Numbers);
        if (order != 0 || (a.Prerelease.IsEmpty && b.Prerelease.IsEmpty))
        {
            return order;
        }

        if (a.Prerelease.IsEmpty || b.Prerelease.IsEmpty)
        {
            return a.Prerelease.IsEmpty ? 1 : -1;
        }

        ReadOnlySpan<char> restOfA = a.Prerelease;
        ReadOnlySpan<char> restOfB = b.Prerelease;
        while (!restOfA.IsEmpty && !restOfB.IsEmpty)
        {
            order = CompareIdentifiers(Next(ref restOfA, a._isGoSpelling), Next(ref restOfB, b._isGoSpelling), ignoreCase);
            if (order != 0)
            {
                return order;
            }
        }

        return restOfB.IsEmpty.CompareTo(restOfA.IsEmpty);
    }

    private static bool TrySkipNumbers(scoped ref ReadOnlySpan<char> version)
    {
        while (true)
        {
            if (DigitRuns.Take(ref version).IsEmpty)
            {
                return false;
            }

            if (version is not ['.', ..])
            {
                return true;
            }

            version = version[1..];
        }
    }

    private bool TryReadPrerelease(ReadOnlySpan<char> text)
    {
        // Go: 1.21rc2, 1.9beta1 (https://go.dev/doc/toolchain#version).
        _isGoSpelling = text.StartsWith("rc") || text.StartsWith("beta");
        if (_isGoSpelling)
        {
            Prerelease = text;
            return DigitRuns.IsNumber(text[(text[0] == 'r' ? 2 : 4)..]);
        }

        Prerelease = text[1..];
        return text[0] == '-'
            && Prerelease is not ([] or ['.', ..] or [.., '.'])
            && !Prerelease.ContainsAnyExcept(Identifier)
            && !Prerelease.Contains("..", StringComparison.Ordinal);
    }

    private static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest, bool isGoSpelling)
    {
        int end = isGoSpelling && rest[0] is not (>= '0' and <= '9') ? rest.IndexOfAnyInRange('0', '9') : rest.IndexOf('.');
        ReadOnlySpan<char> identifier = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(isGoSpelling ? end : end + 1)..];
        return identifier;
    }

    private static int CompareIdentifiers(ReadOnlySpan<char> a, ReadOnlySpan<char> b, bool ignoreCase) =>
        (DigitRuns.IsNumber(a), DigitRuns.IsNumber(b)) switch
        {
            (true, true) => DigitRuns.Compare(a, b),
            (true, false) => -1,
            (false, true) => 1,
            _ when ignoreCase => a.CompareTo(b, StringComparison.OrdinalIgnoreCase),
            _ => a.SequenceCompareTo(b),
        };
}
