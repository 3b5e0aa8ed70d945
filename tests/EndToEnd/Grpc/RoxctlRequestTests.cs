using System.Net;
using System.Text;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Grpc;

[Collection(StateServers.Name)]
public sealed class RoxctlRequestTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Scan = "/v1.ImageService/ScanImage";

    private GrpcLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await GrpcLab.StartAsync(azurite);

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task IsAnsweredAsItsProxyReadsIt()
    {
        string name = _lab.Registry.Push("made/image", "1", DemoImage.Build());

        RawAnswer answer = await RoxctlRequest.SendAsync(_lab.Server.Address, Scan, new ScanImageRequest { ImageName = name, Force = true }, TokenServer.Scanner);

        Assert.Equal((HttpStatusCode.OK, "application/grpc-web", "gzip"), (answer.Status, answer.Headers["content-type"], answer.Headers["content-encoding"]));
        Assert.Equal("0", Assert.Single(answer.Trailers).Value);
        Assert.Equal(name, Image.Parser.ParseFrom(answer.Message).Name.FullName);
    }

    // Without --force-http1 go-grpc-http1 leaves TE as it is and says that it reads both.
    [Fact]
    public async Task NeedsNoForce()
    {
        RawAnswer answer = await RoxctlRequest.SendAsync(
            _lab.Server.Address, Scan, new ScanImageRequest(), TokenServer.Scanner, ("Accept", "application/grpc, application/grpc-web"), ("Grpc-Web-Only", ""), ("TE", "trailers"));

        Assert.Equal((HttpStatusCode.OK, "application/grpc-web", "3"), (answer.Status, answer.Headers["content-type"], answer.Trailers["grpc-status"]));
        Assert.Equal("image name must be specified: invalid arguments", answer.Trailers["grpc-message"]);
        Assert.Null(answer.Message);
    }

    [Theory]
    [InlineData(null, "16", "credentials not found")]
    [InlineData(TokenServer.Reader, "7", "not authorized: %22READ_WRITE_ACCESS%22 for %22Image%22")]
    public async Task IsRefusedByItsTrailers(string? token, string code, string message)
    {
        RawAnswer answer = await RoxctlRequest.SendAsync(_lab.Server.Address, Scan, new ScanImageRequest { ImageName = "nginx" }, token);

        Assert.Equal((HttpStatusCode.OK, code, Uri.UnescapeDataString(message)), (answer.Status, answer.Trailers["grpc-status"], answer.Trailers["grpc-message"]));
    }

    [Theory]
    [InlineData("application/json", "application/grpc-web")]
    [InlineData("application/grpc", "application/grpc")]
    [InlineData("application/grpc+json", "application/grpc-web")]
    public async Task IsToldInPlainTextWhatIsSpoken(string type, string accept)
    {
        RawAnswer answer = await RoxctlRequest.SendAsync(
            _lab.Server.Address, Scan, new ScanImageRequest { ImageName = "nginx" }, TokenServer.Scanner, ("Content-Type", type), ("Accept", accept), ("Grpc-Web-Only", ""));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "text/plain; charset=utf-8"), (answer.Status, answer.Headers["content-type"]));
        Assert.Contains($"not \"{type}\"", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MayBeAnythingAtAll()
    {
        var random = new Random(20_261_126);
        string[] headers =
        [
            $"Host: {_lab.Server.Address.Authority}", "Transfer-Encoding: chunked", "Accept: application/grpc-web", "Connection: close",
            $"Authorization: Bearer {TokenServer.Scanner}",
        ];
        for (int i = 0; i < 200; i++)
        {
            byte[] body = new byte[random.Next(40)];
            random.NextBytes(body);
            body = random.Next(2) == 0 ? body : [0, 0, 0, 0, (byte)body.Length, .. body];
            string type = random.Next(2) == 0 ? "application/grpc" : "application/grpc-web-text";

            RawAnswer answer = await RoxctlRequest.SendAsync(_lab.Server.Address, Scan, [.. headers, $"Content-Type: {type}"], body);

            Assert.Equal(HttpStatusCode.OK, answer.Status);
            string code = answer.Headers["content-type"] == "application/grpc-web" ? answer.Trailers["grpc-status"] : "none";
            Assert.Contains(code, (string[])["3", "5", "12"]);
        }
    }

    [Theory]
    [InlineData("roxctl-linux")]
    [InlineData("roxctl-windows.exe")]
    public async Task IsMadeByAProgramThatComesFromElsewhere(string name)
    {
        ApiAnswer answer = await _lab.Server.SendAsync("GET", $"/api/cli/download/{name}", TokenServer.Reader);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.StartsWith($"\"{name}\" is not here: roxctl is StackRox's, from https://", answer.Message, StringComparison.Ordinal);
    }
}
