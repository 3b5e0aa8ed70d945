namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// What PHP's version_compare makes of one element of a version (https://www.php.net/manual/en/function.version-compare.php), ascending:
/// any other word, dev, alpha, beta, RC, the end, a number, pl.
/// </summary>
internal enum PhpRank
{
    OtherWord,
    Dev,
    Alpha,
    Beta,
    Candidate,
    End,
    Number,
    Patch,
}

/// <summary>Compares element by element as PHP's version_compare does.</summary>
internal static class PhpVersionOrder
{
    /// <summary>
    /// The rank of a word. PHP looks at its first letters only, in this case only: <c>abc</c> is alpha, <c>patch</c> is p, <c>Beta</c> is unknown
    /// (https://github.com/php/php-src/blob/master/ext/standard/versioning.c).
    /// </summary>
    public static PhpRank RankOf(ReadOnlySpan<char> word) => word switch
    {
        ['d', 'e', 'v', ..] => PhpRank.Dev,
        ['a', ..] => PhpRank.Alpha,
        ['b', ..] => PhpRank.Beta,
        ['R', 'C', ..] or ['r', 'c', ..] => PhpRank.Candidate,
        ['p', ..] => PhpRank.Patch,
        _ => PhpRank.OtherWord,
    };

    /// <summary>Compares two elements; the digits count where both are numbers. PHP stops at 2^63, this does not.</summary>
    public static int Compare(PhpRank left, ReadOnlySpan<char> leftDigits, PhpRank right, ReadOnlySpan<char> rightDigits) =>
        left == PhpRank.Number && right == PhpRank.Number ? DigitRuns.Compare(leftDigits, rightDigits) : left - right;
}
