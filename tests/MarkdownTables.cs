namespace ImageScan.TestSupport;

/// <summary>The tables of a page, by the headings that they stand under.</summary>
internal static class MarkdownTables
{
    /// <summary>The rows of all tables under a heading, down to the next of its level; <c>Values/Source</c> is a heading under a heading.</summary>
    /// <param name="file">The page's path in the repository.</param>
    /// <param name="heading">The heading.</param>
    public static IReadOnlyList<string[]> Rows(string file, string heading) =>
        [.. Read(file).Where(row => row.Heading == heading).Select(row => row.Cells)];

    /// <summary>The headings under a heading that have a table, in their order.</summary>
    public static IReadOnlyList<string> Under(string file, string heading) =>
        [.. Read(file).Where(row => row.Heading.StartsWith($"{heading}/", StringComparison.Ordinal)).Select(row => row.Heading[(heading.Length + 1)..]).Distinct()];

    private static IEnumerable<(string Heading, string[] Cells)> Read(string file)
    {
        string chapter = "";
        string heading = "";
        bool isHead = true;
        foreach (string line in File.ReadLines(Repository.Path(file)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                chapter = heading = line[3..];
            }
            else if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                heading = $"{chapter}/{line[4..]}";
            }

            // The first row of a table is its head, the second a rule.
            if (!line.StartsWith('|'))
            {
                isHead = true;
                continue;
            }

            if (line.StartsWith("| ---", StringComparison.Ordinal))
            {
                isHead = false;
            }
            else if (!isHead)
            {
                yield return (heading, [.. line.Trim('|').Split('|').Select(cell => cell.Trim())]);
            }
        }
    }
}
