using System.Text.RegularExpressions;
using ImageScan.Core.Api;

namespace ImageScan.TestSupport;

/// <summary>What docs/access.md says of one route.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Route">The route as it is bound.</param>
/// <param name="Cells">What each kind of caller gets: <c>401</c>, or <c>ok</c> for whatever the handler answers.</param>
internal sealed partial record AccessRow(string Method, string Route, IReadOnlyDictionary<string, string> Cells)
{
    public string Name => $"{Method} {Path}";

    /// <summary>The route as people write it.</summary>
    public string Path => PathOf(Route);

    /// <summary>A route as people write it.</summary>
    public static string PathOf(string route) => route == Routes.Page ? "/" : $"/{route.Replace("{*", "{", StringComparison.Ordinal)}";

    /// <summary>The table.</summary>
    public static IReadOnlyList<AccessRow> Read()
    {
        string[] lines = [.. File.ReadLines(Repository.Path("docs/access.md"))];
        string[] header = CellsOf(lines.Single(line => line.StartsWith("| route |", StringComparison.Ordinal)));
        return
        [
            .. lines.Select(line => (line, route: RouteCell().Match(line))).Where(row => row.route.Success).Select(row =>
            {
                string[] cells = CellsOf(row.line);
                return new AccessRow(
                    row.route.Groups[1].Value, RouteOf(row.route.Groups[2].Value), header.Index().Skip(1).ToDictionary(cell => cell.Item, cell => cells[cell.Index]));
            }),
        ];
    }

    private static string RouteOf(string path) => path.Length == 0 ? Routes.Page : path;

    private static string[] CellsOf(string line) => [.. line.Trim('|').Split('|', StringSplitOptions.TrimEntries)];

    [GeneratedRegex(@"^\| `([A-Z]+) /([^`]*)` \|")]
    private static partial Regex RouteCell();
}
