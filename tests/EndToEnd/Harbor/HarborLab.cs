using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Harbor;

/// <summary>A server as it is deployed, asked as Harbor asks; the test itself takes the messages of its queue.</summary>
internal sealed class HarborLab : IAsyncDisposable
{
    public const string VulnerabilityReport = "application/vnd.security.vulnerability.report; version=1.1";
    public const string SbomReport = "application/vnd.security.sbom.report+json; version=1.0";

    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private readonly HttpClient _client;

    private HarborLab(TokenServer server)
    {
        Server = server;
        // Where an answer sends Harbor is part of the answer, and Harbor goes there only when it is time.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public TokenServer Server { get; }

    public JobStore Jobs => Server.Services.GetRequiredService<JobStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The settings of a server that can keep logins and reads these registries over plain http.</summary>
    public static IEnumerable<(string Name, string Value)> Settings(params IReadOnlyList<string> registries) =>
    [
        ("Storage:Prefix", ScanApp.NewPrefix()),
        ("RegistryClient:Retries", "0"),
        ("Secrets:Keys:0:Version", "a"),
        ("Secrets:Keys:0:Key", Key),
        .. registries.SelectMany((host, i) => new[] { ($"Registries:{i}:Host", host), ($"Registries:{i}:Insecure", "true") }),
    ];

    public static async Task<HarborLab> StartAsync(SharedAzurite azurite, IEnumerable<(string Name, string Value)> settings)
    {
        var lab = new HarborLab(await TokenServer.StartAsync(azurite, settings));
        await lab.TakeAsync();
        return lab;
    }

    /// <summary>A request as Harbor 2.12 sends it.</summary>
    public static string Request(string registry, string repository, Digest digest, string authorization) => JsonSerializer.Serialize(new
    {
        registry = new { url = registry, authorization, insecure = false },
        artifact = new { repository, tag = "1", digest = $"{digest}", mime_type = "application/vnd.oci.image.manifest.v1+json", size = 1 },
        enabled_capabilities = new[] { new { type = "vulnerability", produces_mime_types = new[] { VulnerabilityReport }, parameters = (object?)null } },
    });

    public Task<ApiAnswer> PostAsync(string body, string token = TokenServer.Scanner)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/vnd.scanner.adapter.scan.request+json; version=1.0");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, "/harbor/api/v1/scan") { Content = content }, $"Bearer {token}");
    }

    /// <summary>Begins a scan and returns its id.</summary>
    public async Task<string> BeginAsync(string body)
    {
        ApiAnswer begun = await PostAsync(body);
        Assert.True(begun.Status == HttpStatusCode.Accepted, begun.Text);
        return begun.Id;
    }

    public Task<ApiAnswer> ReportAsync(
        string id, string accept = VulnerabilityReport, string query = "", string authorization = $"Bearer {TokenServer.Scanner}")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/harbor/api/v1/scan/{id}/report{query}");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return SendAsync(request, authorization);
    }

    public Task<ApiAnswer> GetAsync(string path, string authorization = $"Bearer {TokenServer.Scanner}", string header = "Authorization") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), authorization, header);

    /// <summary>What Harbor shows of an error.</summary>
    public static string ErrorOf(ApiAnswer answer) => answer.Json.GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>Does all that waits in the queue of scans that nobody waits for, until nothing does, and returns the messages.</summary>
    public async Task<IReadOnlyList<string>> WorkAsync()
    {
        var done = new List<string>();
        for (IReadOnlyList<string> taken = await TakeAsync(); taken.Count > 0; taken = await TakeAsync())
        {
            foreach (string message in taken)
            {
                await Server.Services.GetRequiredService<BackgroundQueueHandler>().HandleAsync(message, Token);
                done.Add(message);
            }
        }

        return done;
    }

    /// <summary>Takes the messages that wait there.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync()
    {
        WorkQueue queue = Server.Services.GetRequiredService<ScanQueues>().Background;
        var taken = new List<string>();
        foreach (ReceivedMessage message in await queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token))
        {
            await queue.DeleteAsync(message, Token);
            taken.Add(message.Text);
        }

        return taken;
    }

    public async Task<ScanJob> JobAsync(string id) => (await Jobs.FindAsync(id, Token))!;

    /// <summary>All that Tables have of jobs, as texts; compressed documents as they were before.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync()
    {
        TableClient table = await Server.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Jobs, Token);
        var texts = new List<string>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(cancellationToken: Token))
        {
            texts.AddRange(row.Select(property => property.Value is byte[] bytes ? Expanded(bytes) : $"{property.Value}"));
        }

        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        await TakeAsync();
        _client.Dispose();
        await Server.DisposeAsync();
    }

    private async Task<ApiAnswer> SendAsync(HttpRequestMessage request, string authorization, string header = "Authorization")
    {
        using (request)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(header, authorization));
            using HttpResponseMessage response = await _client.SendAsync(request, Token);
            return await ApiAnswer.ReadAsync(response, Token);
        }
    }

    private static string Expanded(byte[] bytes) =>
        Compressed.TryRead(bytes, out ScanJob? job) ? JsonSerializer.Serialize(job) + Encoding.Latin1.GetString(bytes) : Encoding.UTF8.GetString(bytes);
}
