namespace ImageScan.Core.Scans.Search;

/// <summary>
/// The outer form of StackRox's queries: <c>Field:value,value+Field:value</c>. A plus joins only where a colon follows it, and within double quotes
/// nothing is a mark (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/parser.go).
/// </summary>
internal static class QueryText
{
    /// <summary>The terms of a query, each as it is written.</summary>
    public static IEnumerable<string> TermsOf(string query)
    {
        int begin = 0;
        int plus = 0;
        bool isQuoted = false;
        for (int i = 0; i < query.Length; i++)
        {
            switch (query[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ':' when !isQuoted && plus > 0 && plus >= begin:
                    yield return query[begin..plus];
                    begin = plus + 1;
                    break;
                case '+' when !isQuoted:
                    plus = i;
                    break;
            }
        }

        yield return query[begin..];
    }

    /// <summary>Field and values of a term; null if it has no field or no value.</summary>
    public static (string Field, IReadOnlyList<string> Values)? Split(string term)
    {
        int colon = term.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        string values = term[(colon + 1)..].Trim();
        return values.Length == 0 ? null : (term[..colon].Trim(), [.. ValuesOf(values)]);
    }

    private static IEnumerable<string> ValuesOf(string values)
    {
        int begin = 0;
        bool isQuoted = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (values[i] == ',' && !isQuoted)
            {
                yield return values[begin..i];
                begin = i + 1;
            }
        }

        yield return values[begin..];
    }
}
