using System.Globalization;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>What of a finding is asked for where its CVE is not.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="IsFixable">Whether a version mends it.</param>
/// <param name="Cvss">The score that counts, to a tenth: version 3 where there is one, else version 2, else 0.</param>
public readonly record struct FindingKind(Severity Severity, bool IsFixable, decimal Cvss)
{
    private const int FixableBit = 1 << 7;
    private const int SeverityShift = 8;

    /// <summary>The kind of a finding.</summary>
    public static FindingKind Of(Finding finding) => new(
        finding.Severity, !string.IsNullOrEmpty(finding.FixedBy), TenthsOf(finding.CvssV3?.Score ?? finding.CvssV2?.Score ?? 0) / 10m);

    /// <summary>The kind of four hexadecimal digits; null if they are none.</summary>
    internal static FindingKind? From(ReadOnlySpan<char> text) =>
        ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort packed)
            ? new FindingKind((Severity)(packed >> SeverityShift), (packed & FixableBit) != 0, (packed & (FixableBit - 1)) / 10m)
            : null;

    /// <summary>It as four hexadecimal digits.</summary>
    public override string ToString() =>
        (((int)Severity << SeverityShift) | (IsFixable ? FixableBit : 0) | (int)(Cvss * 10)).ToString("x4", CultureInfo.InvariantCulture);

    private static int TenthsOf(float score) => (int)Math.Round(Math.Clamp(score, 0, 10) * 10);
}

/// <summary>
/// Which kinds of findings an image has, each once: there are at most a thousand, and an image has some dozen. With them a list is searched by
/// severity, fix and score together without looking at the findings.
/// </summary>
public sealed record FindingKinds
{
    public static readonly FindingKinds None = new("");

    private const int Digits = 4;

    private readonly string _text;

    private FindingKinds(string text) => _text = text;

    /// <summary>The kinds of those findings.</summary>
    public static FindingKinds Of(IEnumerable<Finding> findings) =>
        new(string.Concat(findings.Select(finding => FindingKind.Of(finding).ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));

    /// <summary>Reads back what <see cref="ToString"/> gives; what is not readable is no kind.</summary>
    public static FindingKinds From(string? text) => string.IsNullOrEmpty(text) ? None : new FindingKinds(text);

    /// <summary>Whether a finding of the image is of such a kind.</summary>
    public bool Any(Func<FindingKind, bool> fits)
    {
        for (int at = 0; at + Digits <= _text.Length; at += Digits)
        {
            if (FindingKind.From(_text.AsSpan(at, Digits)) is { } kind && fits(kind))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => _text;
}
