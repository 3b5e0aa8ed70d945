using System.Text.RegularExpressions;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary><c>docs/security.md</c>: what it leans on is there.</summary>
public sealed partial class SecurityPageTests
{
    private const string Page = "docs/security.md";

    private static readonly string[] Chapters =
        ["Outgoing requests", "Logins of registries", "Bytes of registries and images", "Callers", "Webhooks", "What goes out", "Advisories", "Deployment"];

    private static IEnumerable<string[]> Rows => Chapters.SelectMany(chapter => MarkdownTables.Rows(Page, chapter));

    [Fact]
    public void HasARowInEveryChapter() => Assert.All(Chapters, chapter => Assert.NotEmpty(MarkdownTables.Rows(Page, chapter)));

    [Fact]
    public void NamesCodeThatThereIs() => Assert.All(Rows, row =>
    {
        Assert.NotEmpty(Quoted().Matches(row[2]));
        Assert.All(Quoted().Matches(row[2]), path => Assert.True(Path.Exists(Repository.Path(path.Groups[1].Value)), path.Value));
    });

    [Fact]
    public void NamesATestThatThereIsForEveryThreat()
    {
        HashSet<string> tests =
        [
            .. ((string[])["tests/Core.Tests", "tests/EndToEnd", "tests/Functions.Tests"])
                .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*Tests.cs", SearchOption.AllDirectories))
                .SelectMany(file => TestMethod().Matches(File.ReadAllText(file))
                    .Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}").Append(Path.GetFileNameWithoutExtension(file))),
        ];

        Assert.All(Rows, row =>
        {
            Assert.NotEmpty(Quoted().Matches(row[3]));
            Assert.All(Quoted().Matches(row[3]), test => Assert.Contains(test.Groups[1].Value, tests));
        });
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\][\s\S]*?public (?:async Task|void|Task) (\w+)\(")]
    private static partial Regex TestMethod();
}
