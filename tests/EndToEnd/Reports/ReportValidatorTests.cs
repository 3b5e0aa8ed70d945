using System.Text;
using ImageScan.Core.Reports;
using ImageScan.Core.Tests.Reports;

namespace ImageScan.EndToEnd.Reports;

/// <summary>That the validators see what is wrong, and find nothing of the kind in a report of the image that attacks them all.</summary>
public sealed class ReportValidatorTests
{
    public static TheoryData<string> Names => [.. ReportFormats.All.Select(format => format.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task FindNothingInAReportOfTheHostileImage(string name)
    {
        byte[] document = HostileImage.Written(ReportFormats.Find(name)!);

        Assert.Empty(await ReportValidators.ErrorsOfAsync(name, document, Token) ?? []);
    }

    [Theory]
    [InlineData("sarif", "\"version\": \"2.1.0\"", "\"version\": \"2.0\"")]
    [InlineData("sarif", "\"ruleIndex\": 0", "\"ruleIndex\": 99999")]
    [InlineData("gitlab", "\"container_scanning\"", "\"container\"")]
    [InlineData("junit", "<system-err />", "")]
    public async Task SeeWhatIsBroken(string name, string right, string wrong)
    {
        string document = Encoding.UTF8.GetString(HostileImage.Written(ReportFormats.Find(name)!));
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(await ReportValidators.ErrorsOfAsync(name, Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal)), Token) ?? []);
    }

    [Theory]
    [InlineData("\"CycloneDX\"", "\"Cyclone\"")]
    [InlineData("urn:uuid:", "urn:")]
    [InlineData("\"container\"", "\"jar\"")]
    public async Task SeeABrokenBillOfCycloneDx(string right, string wrong)
    {
        using var output = new MemoryStream();
        CycloneDx.Write(HostileImage.Scan(), output);
        string document = Encoding.UTF8.GetString(output.ToArray());
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.Empty(await ReportValidators.CycloneDxErrorsAsync(Encoding.UTF8.GetBytes(document), Token));
        Assert.NotEmpty(await ReportValidators.CycloneDxErrorsAsync(Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal)), Token));
    }
}
