namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// The metrics one CVSS version knows and the values each may take. Reads the part of a vector after its version prefix:
/// metrics in any order, each at most once, the base metrics all there.
/// </summary>
internal sealed class CvssGrammar
{
    // The longest vectors of CVSS 4.0 with every optional metric stay under 300 characters.
    private const int MaxVectorChars = 512;

    private readonly int _required;
    private readonly (string Name, string[] Values)[] _metrics;

    /// <param name="required">How many of the metrics, from the first, every vector must have.</param>
    /// <param name="metrics">Each as <c>AV:L,A,N</c>: the name, then its values in the order of their index.</param>
    public CvssGrammar(int required, params string[] metrics)
    {
        _required = required;
        _metrics = [.. metrics.Select(metric => metric.Split(':')).Select(parts => (parts[0], parts[1].Split(',')))];
    }

    public int MetricCount => _metrics.Length;

    /// <summary>
    /// Reads <c>AV:N/AC:L/…</c>. False for an unknown metric or value, a metric given twice, a base metric left out.
    /// </summary>
    /// <param name="text">The vector without its version prefix.</param>
    /// <param name="chosen">For each metric of the grammar the index of its value, or -1 where the vector does not give it.</param>
    public bool TryRead(ReadOnlySpan<char> text, Span<int> chosen)
    {
        chosen.Fill(-1);
        if (text.IsEmpty || text.Length > MaxVectorChars)
        {
            return false;
        }

        foreach (Range part in text.Split('/'))
        {
            ReadOnlySpan<char> metric = text[part];
            int colon = metric.IndexOf(':');
            if (colon < 0 || !TryChoose(metric[..colon], metric[(colon + 1)..], chosen))
            {
                return false;
            }
        }

        return !chosen[.._required].Contains(-1);
    }

    private bool TryChoose(ReadOnlySpan<char> name, ReadOnlySpan<char> value, Span<int> chosen)
    {
        for (int i = 0; i < _metrics.Length; i++)
        {
            if (!name.SequenceEqual(_metrics[i].Name))
            {
                continue;
            }

            if (chosen[i] >= 0)
            {
                return false;
            }

            chosen[i] = IndexOf(_metrics[i].Values, value);
            return chosen[i] >= 0;
        }

        return false;
    }

    private static int IndexOf(string[] values, ReadOnlySpan<char> value)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (value.SequenceEqual(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
