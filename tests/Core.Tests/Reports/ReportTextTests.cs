using ImageScan.Core.Reports;

namespace ImageScan.Core.Tests.Reports;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData("a\r\n\t  b ", "a b")]
    [InlineData(" \n ", "")]
    [InlineData(null, "")]
    [InlineData("\u001b[31mred", "?[31mred")]
    [InlineData("\u202egnp", "?gnp")]
    [InlineData("héllo 😀", "héllo 😀")]
    public void MakesOneLineWithoutWhatMovesACursor(string? text, string line) => Assert.Equal(line, ReportText.Line(text));

    // Such a text does not get through the arguments of a theory.
    [Fact]
    public void MakesHalfOfAPairWhole() => Assert.Equal("\ufffdx", ReportText.Line("\ud800x"));

    [Fact]
    public void CutsWhatIsTooLong()
    {
        Assert.Equal("abc…", ReportText.Line("abcdef", 3));
        Assert.Equal("abc", ReportText.Line("abc", 3));
        Assert.Equal(1_001, ReportText.Line(new string('a', 1_000_000)).Length);
    }

    [Theory]
    [InlineData("https://nvd.nist.gov/vuln/detail/CVE-2024-1", "https://nvd.nist.gov/vuln/detail/CVE-2024-1")]
    [InlineData("http://a.example/x?y=1#z", "http://a.example/x?y=1#z")]
    [InlineData("https://a.example/(x)'\"<y>", "https://a.example/%28x%29%27%22%3Cy%3E")]
    [InlineData("https://bücher.example/", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void GivesAddressesOfTheWebInAscii(string? address, string link) => Assert.Equal(link, ReportText.Link(address));

    [Fact]
    public void RefusesEveryLinkThatLeadsElsewhere() => Assert.All(HostileImage.RefusedLinks, link => Assert.Equal("", ReportText.Link(link)));

    [Fact]
    public void LeavesNothingInALinkThatEndsIt() =>
        Assert.All(HostileImage.OddLinks, link => Assert.DoesNotMatch(@"[\s""'()<>\[\]|`\\]", ReportText.Link(link)));
}
