using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class MissingStorageTests(SharedAzurite azurite)
{
    [Theory]
    [InlineData("POST", "/v1/images/scan")]
    [InlineData("GET", "/v1/images")]
    [InlineData("GET", "/v1/imagescount")]
    [InlineData("GET", "/v1/images/sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task IsAnsweredWithTheNameOfTheSettingWithinSeconds(string method, string path)
    {
        await using ScanApp app = await ScanApp.StartAsync(ClosedPorts(azurite.ConnectionString));
        string name = app.Registry.Push("made/image", "1", DemoImage.Build());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? new StringContent($$"""{"imageName":"{{name}}"}""") : null;
        var clock = Stopwatch.StartNew();

        ApiAnswer answer = await app.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(14, answer.Json.GetProperty("code").GetInt32());
        Assert.Contains("Storage devstoreaccount1 does not answer: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("Check AzureWebJobsStorage", answer.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/healthz")).Status);
    }

    // The same account at ports where nobody listens.
    private static string ClosedPorts(string connectionString)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        IEnumerable<string> parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Contains("Endpoint=", StringComparison.Ordinal) ? $"{part.Split('=')[0]}=http://127.0.0.1:{port}/devstoreaccount1" : part);
        return string.Join(';', parts);
    }
}
