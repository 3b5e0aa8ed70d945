namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// R's order (https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html): numbers between dots or hyphens, which mean the same;
/// a version that another goes on from comes before it: <c>1.2 &lt; 1.2.0 &lt; 1.2-1</c>.
/// </summary>
public sealed class CranVersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        ReadOnlySpan<char> a = left;
        ReadOnlySpan<char> b = right;
        if (!IsVersion(a) || !IsVersion(b))
        {
            return false;
        }

        while (!a.IsEmpty && !b.IsEmpty)
        {
            order = DigitRuns.Compare(DigitRuns.Take(ref a), DigitRuns.Take(ref b));
            if (order != 0)
            {
                return true;
            }

            a = a.IsEmpty ? a : a[1..];
            b = b.IsEmpty ? b : b[1..];
        }

        order = b.IsEmpty.CompareTo(a.IsEmpty);
        return true;
    }

    private static bool IsVersion(ReadOnlySpan<char> text)
    {
        while (!DigitRuns.Take(ref text).IsEmpty)
        {
            if (text.IsEmpty)
            {
                return true;
            }

            if (text[0] is not ('.' or '-'))
            {
                return false;
            }

            text = text[1..];
        }

        return false;
    }
}
