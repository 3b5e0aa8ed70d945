using System.Reflection;
using System.Text.RegularExpressions;
using ImageScan.Core.Storage;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary><c>docs/architecture.md</c> against the program.</summary>
public sealed partial class ArchitecturePageTests
{
    private const string Page = "docs/architecture.md";

    private static readonly string Text = File.ReadAllText(Repository.Path(Page));

    [Fact]
    public void HasEveryRoomWithWhatItMayUse() => Assert.Equal(
        RoomArrows.Names.Select(room => $"| `{room}` | {WrittenOf(RoomArrows.UsedBy(room))} |"),
        MarkdownTables.Rows(Page, "Rooms").Select(row => $"| {row[0]} | {row[1]} |"));

    [Fact]
    public void DrawsEveryRoomAndNoArrowThatIsNotAllowed()
    {
        string diagram = Diagram().Match(Text[Text.IndexOf("## Rooms", StringComparison.Ordinal)..]).Groups[1].Value;
        Dictionary<string, string> rooms = Node().Matches(diagram).ToDictionary(node => node.Groups[1].Value, node => node.Groups[2].Value);
        string[][] lines =
        [
            .. Node().Replace(diagram, "$1").Split('\n').Select(line => line.Split("-->", StringSplitOptions.TrimEntries)).Where(line => line.Length == 2),
        ];
        (string User, string Used)[] arrows =
        [
            .. lines.SelectMany(line => line[1].Split('&', StringSplitOptions.TrimEntries).Select(used => (rooms[line[0]], rooms[used]))),
        ];

        Assert.Equal(RoomArrows.Names.Order(StringComparer.Ordinal), rooms.Values.Order(StringComparer.Ordinal));
        Assert.NotEmpty(arrows);
        Assert.All(arrows, arrow => Assert.Contains(arrow.Used, RoomArrows.UsedBy(arrow.User)));
    }

    [Fact]
    public void NamesEveryTableQueueAndContainer() => Assert.All(
        ConstantsOf(typeof(TableNames)).Concat(ConstantsOf(typeof(ContainerNames))).Concat(
            ConstantsOf(typeof(QueueNames))
                .Where(name => !name.Contains('%', StringComparison.Ordinal) && !name.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal))),
        name => Assert.Matches($@"\b{Regex.Escape(name)}\b", Text));

    [Fact]
    public void HasEveryTimerWithItsSchedule() => Assert.Equal(
        typeof(Composition).Assembly.GetTypes()
            .Select(type => (Name: NameOfTimer(type.Name), Schedule: type.GetField("Schedule")?.GetRawConstantValue()))
            .Where(timer => timer.Schedule is not null)
            .Select(timer => $"`{timer.Name}` `{timer.Schedule}`")
            .Order(StringComparer.Ordinal),
        MarkdownTables.Rows(Page, "Heads").Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));

    private static string WrittenOf(IReadOnlyList<string> rooms) => rooms.Count == 0 ? "–" : string.Join(' ', rooms.Select(room => $"`{room}`"));

    // What the trigger is called.
    private static string NameOfTimer(string type) => type.EndsWith("Timer", StringComparison.Ordinal) ? type[..^"Timer".Length] : type;

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"```mermaid\n([\s\S]*?)```")]
    private static partial Regex Diagram();

    [GeneratedRegex("""(\w+)\["([^"]+)"\]""")]
    private static partial Regex Node();
}
