using System.Net;
using System.Text;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Harbor;

/// <summary>The login that Harbor lends: where it lies, for how long, and where it goes.</summary>
[Collection(EventServers.Name)]
public sealed class LentLoginJobTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string User = "robot$scanner-1";
    private const string Password = "a-password-of-a-robot";
    private const string Repository = "library/made";

    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private TestRegistry _registry = null!;
    private TestRegistry _other = null!;
    private HarborLab _lab = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Basic => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";

    private string Request => HarborLab.Request($"http://{_registry.Host}", Repository, Image.Manifest.Digest, Basic);

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _other = await TestRegistry.StartAsync(Token);
        _registry.Push(Repository, "1", Image);
        _lab = await HarborLab.StartAsync(azurite, [.. HarborLab.Settings(_registry.Host, _other.Host), ("Scan:InlineBytes", "1048576")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _registry.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task LiesSealedWhileTheJobIsOpen()
    {
        string id = await _lab.BeginAsync(Request);

        ScanJob job = await _lab.JobAsync(id);
        IReadOnlyList<string> rows = await _lab.RowsAsync();
        IReadOnlyList<string> messages = await _lab.TakeAsync();
        ApiAnswer shown = await _lab.GetAsync($"/v1/scans/{id}");

        Assert.StartsWith("gcm1:a:", job.SealedLogin, StringComparison.Ordinal);
        Assert.Contains(rows, row => row.Contains("gcm1:a:", StringComparison.Ordinal));
        Assert.All([.. rows, .. messages, shown.Text], AssertHidden);
        Assert.DoesNotContain("gcm1", shown.Text, StringComparison.Ordinal);
        Assert.True(job.IsBackground);
    }

    [Fact]
    public async Task IsGoneWhenTheJobIsDone()
    {
        _registry.Misbehave(RegistryFaults.RequireBasic(User, Password));
        string id = await _lab.BeginAsync(Request);

        await _lab.WorkAsync();

        ScanJob job = await _lab.JobAsync(id);
        Assert.Equal((ScanJobState.Done, null), (job.State, job.SealedLogin));
        Assert.DoesNotContain(await _lab.RowsAsync(), row => row.Contains("gcm1:", StringComparison.Ordinal));
        Assert.Contains(_registry.BlobRequests, request => request.Authorization == Basic);
    }

    [Fact]
    public async Task IsGoneWhenTheJobHasFailed()
    {
        _registry.Misbehave(RegistryFaults.RequireBasic(User, "another"));
        string id = await _lab.BeginAsync(Request);

        await _lab.WorkAsync();

        ScanJob job = await _lab.JobAsync(id);
        ApiAnswer report = await _lab.ReportAsync(id);
        Assert.Equal((ScanJobState.Failed, null), (job.State, job.SealedLogin));
        Assert.Equal(HttpStatusCode.InternalServerError, report.Status);
        Assert.All([.. await _lab.RowsAsync(), report.Text], AssertHidden);
    }

    [Fact]
    public async Task IsGoneWhenItsMessageWasDeliveredTooOften()
    {
        string id = await _lab.BeginAsync(Request);
        string message = Assert.Single(await _lab.TakeAsync());

        await _lab.Server.Services.GetRequiredService<BackgroundQueueHandler>().HandlePoisonAsync(message, Token);

        Assert.Equal((ScanJobState.Failed, null), ((await _lab.JobAsync(id)).State, (await _lab.JobAsync(id)).SealedLogin));
    }

    [Theory]
    [InlineData(57, true)]
    [InlineData(60, false)]
    public async Task IsGoneAfterAnHour(int minutes, bool isThere)
    {
        _registry.Misbehave(RegistryFaults.RequireBasic(User, Password));
        string id = await _lab.BeginAsync(Request);
        IReadOnlyList<string> waiting = await _lab.TakeAsync();

        await SweepAsync(TimeSpan.FromMinutes(minutes));

        Assert.Equal(isThere, (await _lab.JobAsync(id)).SealedLogin is not null);
        foreach (string message in waiting.Take(1))
        {
            await _lab.Server.Services.GetRequiredService<BackgroundQueueHandler>().HandleAsync(message, Token);
        }

        Assert.Equal(isThere ? ScanJobState.Done : ScanJobState.Failed, (await _lab.JobAsync(id)).State);
        Assert.Equal(isThere, _registry.Requests.Any(request => request.Authorization.Length > 0));
    }

    [Fact]
    public async Task ReadsForNobodyElse()
    {
        _registry.Misbehave(RegistryFaults.RequireBasic(User, Password));
        string first = await _lab.BeginAsync(Request);

        ApiAnswer caller = await _lab.Server.ScanAsync($"{_registry.Host}/{Repository}@{Image.Manifest.Digest}");
        string second = await _lab.BeginAsync(HarborLab.Request($"http://{_registry.Host}", Repository, Image.Manifest.Digest, ""));
        string third = await _lab.BeginAsync(Request);

        Assert.Equal(HttpStatusCode.InternalServerError, caller.Status);
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.DoesNotContain(_registry.Requests, request => request.Authorization.Length > 0);

        // What it has found is everybody's.
        await _lab.WorkAsync();
        Assert.Equal(ScanJobState.Failed, (await _lab.JobAsync(second)).State);
        Assert.Equal((ScanJobState.Done, ScanJobState.Done), ((await _lab.JobAsync(first)).State, (await _lab.JobAsync(third)).State));
        Assert.Equal(HttpStatusCode.OK, (await _lab.GetAsync($"/v1/images/{Image.Manifest.Digest}")).Status);
        string layer = $"{Image.Layers[0].Digest}";
        Assert.Single(
            _registry.BlobRequests, request => request.Path.EndsWith(layer, StringComparison.Ordinal) && request.Authorization.Length > 0);
    }

    [Fact]
    public async Task GetsATokenFromItsOwnRegistry()
    {
        _registry.Misbehave(RegistryFaults.RequireBearer("a-token", User, Password));
        string id = await _lab.BeginAsync(Request);

        await _lab.WorkAsync();

        Assert.Equal(ScanJobState.Done, (await _lab.JobAsync(id)).State);
        Assert.Contains(_registry.Requests, request => request.Path.StartsWith("/token?", StringComparison.Ordinal) && request.Authorization == Basic);
        Assert.All(_registry.BlobRequests, request => Assert.Contains(request.Authorization, (string[])["", "Bearer a-token"]));
    }

    [Fact]
    public async Task GoesToNoTokenServerElsewhere()
    {
        _registry.Misbehave(RegistryFaults.RequireBearer("a-token", User, Password, realm: $"http://{_other.Host}/token"));
        string id = await _lab.BeginAsync(Request);

        await _lab.WorkAsync();

        Assert.Contains("goes nowhere but to", (await _lab.JobAsync(id)).ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task GoesAlongNoRedirect()
    {
        _other.Push(Repository, "1", Image);
        _registry.Misbehave(RegistryFaults.RequireBasic(User, Password));
        _registry.Misbehave(RegistryFaults.RedirectBlobs($"http://{_other.Host}"));
        string id = await _lab.BeginAsync(Request);

        await _lab.WorkAsync();

        Assert.Equal(ScanJobState.Done, (await _lab.JobAsync(id)).State);
        Assert.NotEmpty(_other.Requests);
        Assert.All(_other.Requests, request => Assert.Equal("", request.Authorization));
    }

    [Fact]
    public async Task StaysWithTheRegistryItWasLentFor()
    {
        _other.Push(Repository, "1", Image);
        _other.Misbehave(RegistryFaults.RequireBasic(User, Password));
        string id = await _lab.BeginAsync(Request);
        string message = Assert.Single(await _lab.TakeAsync());

        // Whoever can write the table names another image in the row.
        await _lab.Jobs.UpdateAsync(
            id, job => job with { ImageName = job.ImageName.Replace(_registry.Host, _other.Host, StringComparison.Ordinal) }, Token);
        await _lab.Server.Services.GetRequiredService<BackgroundQueueHandler>().HandleAsync(message, Token);

        Assert.Equal(ScanJobState.Failed, (await _lab.JobAsync(id)).State);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task OpensInNoOtherRow()
    {
        string first = await _lab.BeginAsync(Request);
        string second = await _lab.BeginAsync(Request);
        ScanJob job = await _lab.JobAsync(first);
        await _lab.Jobs.UpdateAsync(second, other => other with { SealedLogin = job.SealedLogin }, Token);

        await _lab.WorkAsync();

        Assert.Equal(ScanJobState.Done, (await _lab.JobAsync(first)).State);
        Assert.Contains("comes from another row", (await _lab.JobAsync(second)).ErrorMessage, StringComparison.Ordinal);
    }

    private static void AssertHidden(string text)
    {
        Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Basic["Basic ".Length..], text, StringComparison.Ordinal);
    }

    private Task<int> SweepAsync(TimeSpan later)
    {
        IServiceProvider services = _lab.Server.Services;
        return new JobSweep(
            _lab.Jobs,
            services.GetRequiredService<ScanQueues>(),
            services.GetRequiredService<JobResumption>(),
            new ScanSettings(),
            new FakeTimeProvider(DateTimeOffset.UtcNow + later),
            NullLogger<JobSweep>.Instance).RunAsync(Token);
    }
}
