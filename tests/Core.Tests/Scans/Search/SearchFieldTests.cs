using System.Text.RegularExpressions;
using ImageScan.Core.Scans.Search;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Scans.Search;

/// <summary>The tables of docs/images.md are those of the code.</summary>
public sealed partial class SearchFieldTests
{
    [Fact]
    public void AreThoseOfTheDocumentation() =>
        Assert.Equal(SearchField.All.Select(field => $"{field.Name}: {field.Form.ToString().ToLowerInvariant()}"), RowsOf("| field | form | of |").Select(row => $"{row[0].Trim('`')}: {row[1]}"));

    [Fact]
    public void HaveTheFormsOfTheDocumentation() =>
        Assert.Equal(Enum.GetValues<SearchForm>().Select(form => form.ToString().ToLowerInvariant()), RowsOf("| form | values |").Select(row => row[0]));

    [Fact]
    public void OrdersAreThoseOfTheDocumentation() => Assert.Equal(ImageSort.Fields, RowsOf("| field | first |").Select(row => row[0].Trim('`')));

    [Fact]
    public void EveryOrderOfTheDocumentationCanBeAskedFor() => Assert.All(ImageSort.Fields, field => Assert.NotNull(ImageSort.Of(field, isReversed: true)));

    private static IEnumerable<string[]> RowsOf(string header) => File.ReadAllLines(Repository.Path("docs", "images.md"))
        .SkipWhile(line => line != header).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => Cell().Matches(line).Select(cell => cell.Groups[1].Value).ToArray());

    [GeneratedRegex(@"(?<=\|) ([^|]*) (?=\|)")]
    private static partial Regex Cell();
}
