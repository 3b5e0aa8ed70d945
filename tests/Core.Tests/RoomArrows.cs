using System.Text.RegularExpressions;

namespace ImageScan.Core.Tests;

/// <summary>
/// Which room of Core may use which: the table of <c>src/Core/README.md</c>. It reads source text, so a room named by a part of its
/// namespace alone (<c>Storage.Row</c> inside Core) escapes it; write usings.
/// </summary>
internal static partial class RoomArrows
{
    private const string RootNamespace = "ImageScan.Core";

    /// <summary>Files at Core's root: they put the rooms together, so they may use all; no room may use them.</summary>
    private const string Composition = "Composition";

    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Telemetry"] = [],
        ["Images"] = ["Telemetry"],
        ["Layers"] = ["Images"],
        ["Inventory"] = [],
        ["Detectors"] = ["Layers", "Inventory"],
        ["Vulnerabilities"] = ["Inventory"],
        ["Vulnerabilities/Feeds"] = ["Vulnerabilities"],
        ["Vulnerabilities/Database"] = ["Vulnerabilities"],
        ["Vulnerabilities/Refresh"] = ["Vulnerabilities", "Vulnerabilities/Feeds", "Vulnerabilities/Database", "Telemetry"],
        ["Vulnerabilities/Publication"] = ["Vulnerabilities", "Vulnerabilities/Database", "Vulnerabilities/Refresh", "Storage", "Telemetry"],
        ["Vulnerabilities/Matching"] = ["Vulnerabilities", "Vulnerabilities/Database", "Inventory"],
        ["Signatures"] = ["Images", "Telemetry"],
        ["Results"] = ["Images", "Inventory", "Vulnerabilities", "Signatures"],
        ["Policies"] = ["Images"],
        ["Vex"] = ["Results", "Images", "Inventory", "Vulnerabilities"],
        ["Reports"] = ["Results", "Images", "Inventory", "Vulnerabilities", "Vex"],
        ["Storage"] = ["Results", "Images", "Inventory", "Vulnerabilities", "Signatures", "Telemetry"],
        ["Scans"] =
        [
            "Images", "Layers", "Inventory", "Detectors", "Vulnerabilities", "Vulnerabilities/Database", "Vulnerabilities/Matching",
            "Signatures", "Results", "Storage", "Notifications", "Telemetry", "Vex",
        ],
        ["Notifications"] = ["Images", "Results", "Vulnerabilities", "Storage", "Telemetry"],
        ["Access"] = ["Images", "Results", "Storage"],
        ["Api"] =
        [
            "Images", "Inventory", "Vulnerabilities", "Vulnerabilities/Database", "Signatures", "Results", "Policies", "Reports", "Storage",
            "Scans", "Access", "Notifications", "Telemetry", "Vex",
        ],
    };

    public static IEnumerable<string> Names => Rooms.Keys;

    /// <summary>The rooms that a room may use.</summary>
    public static IReadOnlyList<string> UsedBy(string room) => Rooms[room];

    /// <summary>Every broken arrow of one source file as <c>path:line: what is wrong</c>; empty if there is none.</summary>
    /// <param name="path">The file's path below src/Core, with slashes.</param>
    /// <param name="source">Its text.</param>
    public static IEnumerable<string> BrokenIn(string path, string source)
    {
        string folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        string? room = folder.Length == 0 ? Composition : RoomOf(folder);
        if (room is null)
        {
            yield return $"{path}:1: {folder} is no room of the table";
            yield break;
        }

        int number = 0;
        foreach (string line in WithoutStringsAndComments(source).Split('\n'))
        {
            number++;
            if (DeclaredNamespace().Match(line) is { Success: true } declared)
            {
                string wanted = folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder.Replace('/', '.')}";
                if (declared.Groups[1].Value != wanted)
                {
                    yield return $"{path}:{number}: namespace {declared.Groups[1].Value} lies in the folder of {wanted}";
                }

                continue;
            }

            foreach (string broken in Used().Matches(line).Select(use => WhyNot(room, use.Groups[1].Value)).OfType<string>())
            {
                yield return $"{path}:{number}: {broken}";
            }
        }
    }

    private static string? WhyNot(string room, string used)
    {
        if (room == Composition)
        {
            return null;
        }

        string? target = RoomOf(used.Replace('.', '/'));
        if (target is null)
        {
            return $"{RootNamespace}.{used.Split('.')[0]} is no room of the table";
        }

        return target == room || Rooms[room].Contains(target) ? null : $"{room} may not use {target}";
    }

    // A folder belongs to the deepest room on its path: Vulnerabilities/Feeds/Osv to Vulnerabilities/Feeds.
    private static string? RoomOf(string path)
    {
        string[] parts = path.Split('/');
        return Enumerable.Range(1, parts.Length)
            .Select(length => string.Join('/', parts[..length]))
            .LastOrDefault(Rooms.ContainsKey);
    }

    // Lines stay where they are, so that numbers are right.
    private static string WithoutStringsAndComments(string source) =>
        StringOrComment().Replace(source, match => new string('\n', match.Value.Count(c => c == '\n')));

    [GeneratedRegex("""
        "{3}[\s\S]*?"{3}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex StringOrComment();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)")]
    private static partial Regex DeclaredNamespace();

    [GeneratedRegex(@"\bImageScan\.Core\.(\w+(?:\.\w+)*)")]
    private static partial Regex Used();
}
