using System.Net;
using System.Text;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Scans;
using Xunit.Sdk;

namespace ImageScan.EndToEnd.Description;

/// <summary>That the check which every answer passes can fail: <see cref="ApiAnswer.ReadAsync"/>.</summary>
public sealed class DescribedAnswersTests
{
    private const string Error = """{"error":"no","code":5,"message":"no","details":[]}""";

    [Theory]
    [InlineData("GET", "/v1/imagescount", 200, """{"count":1}""")]
    [InlineData("GET", "/v1/images/sha256:0", 404, Error)]
    [InlineData("POST", "/v1/images/scan?pretty", 429, """{"error":"no","code":8,"message":"no","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}""")]
    [InlineData("GET", "/nowhere", 404, "Not Found")]
    [InlineData("PATCH", "/v1/imagescount", 405, "Method Not Allowed")]
    public async Task PassesWhatIsDescribed(string method, string path, int status, string text) =>
        Assert.Equal(text, (await ReadAsync(method, path, status, text)).Text);

    [Theory]
    [InlineData("GET", "/v1/imagescount", 200, """{"count":"1"}""", "/count: type")]
    [InlineData("GET", "/v1/imagescount", 200, """{}""", "required")]
    [InlineData("GET", "/v1/imagescount", 200, """{"count":1,"total":1}""", "/total")]
    [InlineData("GET", "/v1/imagescount", 200, "1 image", "is no JSON")]
    [InlineData("GET", "/v1/imagescount", 418, Error, "CountImages may not answer 418")]
    [InlineData("GET", "/v1/images/sha256:0", 400, Error, "/code: enum")]
    [InlineData("POST", "/v1/images/scan", 200, """{"id":"sha256:0"}""", "required")]
    public async Task FailsWhatIsNot(string method, string path, int status, string text, string reason)
    {
        EmptyException failure = await Assert.ThrowsAsync<EmptyException>(() => ReadAsync(method, path, status, text));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailsJsonThatIsSaidToBeSomethingElse()
    {
        EmptyException failure = await Assert.ThrowsAsync<EmptyException>(() => ReadAsync("GET", "/v1/imagescount", 200, """{"count":1}""", "text/plain"));

        Assert.Contains("as text/plain", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HoldsAnAnswerToItsOwnLevel()
    {
        const string Later = """{"code":5,"message":"no","details":[],"error":"no"}""";
        const string Image = """
            {"id":"","name":null,"names":[],"metadata":null,"scan":null,"signatureVerificationData":null,"signature":null,"lastUpdated":null,"notPullable":false,"isClusterLocal":false,"priority":"0","riskScore":0,"notes":[],"baseImageInfo":[]}
            """;

        await ReadAsync("GET", "/v1/images/sha256:0", 404, Later, level: ApiLevel.Latest);
        await ReadAsync("GET", "/v1/images/sha256:0", 200, Image, level: ApiLevel.Latest);
        await Assert.ThrowsAsync<EmptyException>(() => ReadAsync("GET", "/v1/images/sha256:0", 200, Image));
    }

    private static async Task<ApiAnswer> ReadAsync(
        string method, string path, int status, string text, string type = "application/json", ApiLevel level = ApiLevel.Release45)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"http://127.0.0.1{path}"));
        using var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            RequestMessage = request,
            Content = new StringContent(text, Encoding.UTF8, type),
        };
        return await ApiAnswer.ReadAsync(response, TestContext.Current.CancellationToken, level);
    }
}
