using System.IO.Enumeration;

namespace ImageScan.Benchmarks;

/// <summary>
/// Why scanners differ: differences.tsv, a pattern a line. Columns are those of <see cref="Difference"/>, with * and ?, and the reason; the
/// first line that fits counts.
/// </summary>
internal sealed class Explanations
{
    private readonly List<string[]> _lines =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "differences.tsv"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split('\t') is { Length: 8 } columns ? columns : throw new InvalidDataException($"Not eight columns: {line}")),
    ];

    private readonly HashSet<string[]> _used = [];

    /// <summary>Null if nobody has explained it yet.</summary>
    public string? Of(Difference difference)
    {
        string[]? line = _lines.Find(line => difference.Columns.Zip(line).All(pair => Fits(pair.First, pair.Second)));
        if (line is not null)
        {
            _used.Add(line);
        }

        return line?[^1];
    }

    /// <summary>Those that explained nothing so far.</summary>
    public IEnumerable<string> Unused => _lines.Where(line => !_used.Contains(line)).Select(line => string.Join('\t', line));

    // An empty text fits no expression, not even *.
    private static bool Fits(string text, string pattern) => pattern == "*" || FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}

/// <summary>A package that one of two scanners finds.</summary>
/// <param name="Image">In which image.</param>
/// <param name="Peer">The other scanner.</param>
/// <param name="Side"><c>theirs</c> or <c>ours</c>: who finds it.</param>
/// <param name="Component">The package.</param>
/// <param name="Place">Where its finder says it is; behind <c>system:</c> if a package of the system owns that file.</param>
internal sealed record Difference(string Image, string Peer, string Side, Component Component, string Place)
{
    public IReadOnlyList<string> Columns => [Image, Peer, Side, Component.Type, Component.Name, Component.Version, Place];
}
