using System.Text;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Real;

namespace ImageScan.EndToEnd.Reports;

/// <summary>Every format of real images, pushed to the reference registry and asked for over HTTP, held to its validator.</summary>
[Collection(PageServers.Name)]
public sealed class RealReportTests(RealLab lab) : IClassFixture<RealLab>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alpine-3.4")]
    [InlineData("alpine-3.9")]
    [InlineData("alpine-3.20")]
    [InlineData("debian-11")]
    [InlineData("distroless-base12")]
    public async Task AreValidInEveryFormat(string image)
    {
        string name = await lab.PushAsync(image, $"reports/{image}:1");
        string[] cves = [.. (await lab.ScanAsync(name)).Rows.Select(row => row.Split(' ')[2]).Distinct()];

        foreach (IReportFormat format in ReportFormats.All)
        {
            byte[] document = await lab.ReportAsync(name, format.Name);
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(document);

            Assert.Empty(await ReportValidators.ErrorsOfAsync(format.Name, document, Token) ?? []);
            if (format.Name is not ("spdx" or "markdown"))
            {
                Assert.All(cves, cve => Assert.Contains(cve, text, StringComparison.Ordinal));
            }
        }
    }
}
