using System.Text.RegularExpressions;
using ImageScan.Core.Detectors;
using ImageScan.Core.Inventory;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>The tables of ecosystems say what there is, no more and no less.</summary>
public sealed partial class EcosystemTableTests
{
    private static readonly string Detectors = Repository.Path("src", "Core", "Detectors");

    [Fact]
    public void TheReadmeListsEveryTypeOfPackage()
    {
        string table = Between(File.ReadAllText(Repository.Path("README.md")), "## What it scans", "Details and limits");

        IEnumerable<string> listed = table.Split('\n').Where(line => line.StartsWith('|')).SelectMany(row => Quoted().Matches(row.Split('|')[1]))
            .Select(name => name.Groups[1].Value);

        Assert.Equal(PackageType.All.Select(type => type.Name).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryFolderOfDetectorsHasItsPageAndItsRow()
    {
        string table = File.ReadAllText(Path.Combine(Detectors, "README.md"));
        IEnumerable<string> folders = PackageDetectors.All.Select(detector => detector.GetType().Namespace!.Split('.')[^1]).Distinct();

        Assert.All(folders, folder =>
        {
            Assert.True(File.Exists(Path.Combine(Detectors, folder, "README.md")), $"{folder} has no page.");
            Assert.Contains($"| [`{folder}`]({folder}/README.md) |", table, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void NoRowIsAboutAFolderThatIsNotThere() =>
        Assert.All(
            Linked().Matches(File.ReadAllText(Path.Combine(Detectors, "README.md"))),
            link => Assert.True(File.Exists(Path.Combine(Detectors, link.Groups[1].Value, "README.md")), link.Value));

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal);
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    [GeneratedRegex("`([a-z]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\(([A-Za-z]+)/README\.md\)")]
    private static partial Regex Linked();
}
