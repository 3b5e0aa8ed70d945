using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Detectors.Executables.KnownBinaries;

/// <summary>A program that says its own version in a text among its constants.</summary>
/// <param name="Component">The name under which it is listed.</param>
/// <param name="Stems">Names of its files, without what <see cref="StemOf"/> takes away.</param>
/// <param name="Anchor">Bytes that stand in the text, so that it is found fast.</param>
/// <param name="Text">The text, <c>version</c> in it; matched against the bytes around the anchor, one character a byte.</param>
internal sealed record KnownBinary(string Component, string[] Stems, string Anchor, Regex Text)
{
    /// <summary>Bytes before an anchor at which a text may begin.</summary>
    public const int Before = 96;

    /// <summary>Bytes after the start of an anchor at which a text may end.</summary>
    public const int After = 128;

    // Real programs have their texts a few times.
    private const int MaxMatches = 1000;
    private const int MaxVersions = 8;

    private static readonly SearchValues<char> BeginsVersion = SearchValues.Create("-0123456789");

    private static readonly char[] OfVersions = [.. "0123456789.-"];

    private readonly byte[] _anchor = Encoding.Latin1.GetBytes(Anchor);

    /// <summary>Takes the versions that these bytes state; at most a few, and from bytes full of anchors not all.</summary>
    public void TakeVersions(ReadOnlySpan<byte> bytes, ISet<string> versions)
    {
        int from = 0;
        for (int i = 0; i < MaxMatches && versions.Count < MaxVersions; i++)
        {
            int found = bytes[from..].IndexOf(_anchor);
            if (found < 0)
            {
                return;
            }

            int at = from + found;
            int start = Math.Max(0, at - Before);
            string around = Encoding.Latin1.GetString(bytes[start..Math.Min(bytes.Length, at + After)]);
            foreach (Match match in Text.Matches(around))
            {
                versions.Add(match.Groups["version"].Value);
            }

            from = at + 1;
        }
    }

    /// <summary>
    /// The part of a file's name that says what it is: <c>php8.2</c> is <c>php</c>, <c>node.exe</c> is <c>node</c>,
    /// <c>libcrypto-1f2e3d.so.1.1</c>, as Python's wheels carry it, is <c>libcrypto</c>.
    /// </summary>
    public static string StemOf(string fileName)
    {
        int library = fileName.IndexOf(".so", StringComparison.Ordinal);
        if (library > 0 && fileName.StartsWith("lib", StringComparison.Ordinal))
        {
            string stem = fileName[..library];
            int end = stem.AsSpan().IndexOfAny(BeginsVersion);
            return end < 0 ? stem : stem[..end];
        }

        string name = fileName.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? fileName[..^4] : fileName;
        return name.TrimEnd(OfVersions);
    }
}
