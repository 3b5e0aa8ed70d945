using ImageScan.Core.Api;
using ImageScan.Core.Images;
using ImageScan.Core.Vulnerabilities;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class ReportChoiceTests
{
    [Theory]
    [InlineData("", "json")]
    [InlineData("?format=json", "json")]
    [InlineData("?format=JSON", "json")]
    [InlineData("?format=sarif", "sarif")]
    [InlineData("?format=Csv", "csv")]
    public void IsWhatTheParameterNames(string query, string format) => Assert.Equal(format, FormatOf(query, "application/sarif+json;q=0"));

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/*;q=0.9, */*;q=0.1")]
    [InlineData("application/x-protobuf")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")]
    [InlineData("application/json, text/plain, */*")]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
    [InlineData("application/sarif+json;q=0.5, application/json;q=0.9")]
    [InlineData("application/sarif+json;q=0")]
    [InlineData("application/json+pretty")]
    [InlineData(";;;,,,/\u0001")]
    [InlineData("")]
    public void IsJsonForWhoeverSaysNothingOrNothingClear(string accept) => Assert.Equal("json", FormatOf("", accept));

    [Theory]
    [InlineData("application/sarif+json", "sarif")]
    [InlineData("APPLICATION/SARIF+JSON; charset=utf-8", "sarif")]
    [InlineData("text/csv, */*;q=0.1", "csv")]
    [InlineData("text/plain;q=0.4, text/csv;q=0.8", "csv")]
    [InlineData("text/plain", "table")]
    [InlineData("application/vnd.unknown+json, application/x.gitlab-container-scanning+json;q=0.2", "gitlab")]
    public void IsWhatAcceptNamesExactly(string accept, string format) => Assert.Equal(format, FormatOf("", accept));

    [Fact]
    public void TheParameterGoesBeforeTheHeader() => Assert.Equal("json", FormatOf("?format=json", "text/csv"));

    [Theory]
    [InlineData("?format=docx", "format \"docx\" is none of json, table, csv, sarif")]
    [InlineData("?format=%0d%0ax", "format \"\\r\\nx\" is none of json, ")]
    [InlineData("?severity=critical,worst", "severity \"worst\" is none of critical, important, high, moderate, medium, low, unknown: invalid arguments")]
    [InlineData("?fixable=maybe", "strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void RefusesWhatIsNoneAndNamesAllThereAre(string query, string message)
    {
        ApiException refusal = Assert.Throws<ApiException>(() => ReportChoice.Read(Request(query, "")));

        Assert.Equal(GrpcCode.InvalidArgument, refusal.Code);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CanBeAskedAgain()
    {
        ReportChoice choice = ReportChoice.Read(Request("?format=sarif&severity=high,CRITICAL,important&fixable=1", ""));

        Assert.Equal([Severity.Important, Severity.Critical], choice.Filter.Severities.Order());
        Assert.Equal("?format=sarif&severity=critical,important&fixable=true&name=docker.io%2Flibrary%2Fnginx%3A1", choice.Query(Snoozed.LeftOut, Nginx));
        Assert.Equal(
            "?format=table&name=docker.io%2Flibrary%2Fnginx%3A1&includeSnoozed=true",
            ReportChoice.Read(Request("", "text/plain")).Query(Snoozed.Included, Nginx));
        Assert.Equal("?name=docker.io%2Flibrary%2Fnginx%3A1", ReportChoice.Read(Request("?severity=low", "")).Query(Snoozed.LeftOut, Nginx));
        Assert.Equal(
            "?name=docker.io%2Flibrary%2Fnginx%3A1&includeSnoozed=true", ReportChoice.Read(Request("?severity=low", "")).Query(Snoozed.Included, Nginx));
        Assert.Equal(
            choice.Filter.Severities,
            ReportChoice.Read(Request(choice.Query(Snoozed.LeftOut, Nginx), "")).Filter.Severities);
    }

    private static ImageReference Nginx => CallerScans.ReferenceOf("nginx:1");

    private static string FormatOf(string query, string accept) => ReportChoice.Read(Request(query, accept)).Format?.Name ?? ReportChoice.Json;

    private static HttpRequest Request(string query, string accept)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        if (accept.Length > 0)
        {
            request.Headers.Accept = accept;
        }

        return request;
    }
}
