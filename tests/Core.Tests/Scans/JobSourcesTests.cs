using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage.Sealing;
using ImageScan.Core.Tests.Images.Registries;

namespace ImageScan.Core.Tests.Scans;

public sealed class JobSourcesTests
{
    private const string Host = "harbor.example.com";

    private readonly FakeRegistry _registry = new(request => request.Authorization is "Bearer lent" or "Basic YW5uOmhlcnM="
        ? FakeRegistry.Serve(request, TestImages.Manifest)
        : FakeRegistry.Challenge("Basic realm=\"harbor\""));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SecretSealer Sealer(string version = "a") =>
        new(new SecretSettings { Keys = [new SecretKey { Version = version, Key = Convert.ToBase64String(new byte[32]) }] });

    private JobSources Sources(SecretSealer? sealer = null) => new(
        _registry.Client([], new RegistrySettings { Host = Host, Username = "ann", Password = "hers" }), sealer ?? Sealer(), _registry.Time);

    private ScanJob Job(string? login) => new()
    {
        Id = "job",
        Target = "",
        ImageName = $"{Host}/team/image:1",
        Platform = "",
        Force = false,
        State = ScanJobState.Queued,
        CreatedAt = _registry.Time.GetUtcNow(),
        SealedLogin = login,
    };

    private static IImageSource Open(JobSources sources, ScanJob job)
    {
        Assert.True(ImageReference.TryParse(job.ImageName, out ImageReference? image, out _));
        return sources.Open(job, image);
    }

    private string Sealed(string job = "job") => Sources().Seal(job, new CallerLogin(new Uri($"https://{Host}"), "Bearer lent"));

    private string?[] Sent => [.. _registry.Requests.Select(request => request.Authorization)];

    [Fact]
    public async Task ReadWithTheLoginOfTheJobAlone()
    {
        await Open(Sources(), Job(Sealed())).ResolveAsync(Token);

        Assert.Equal([null, "Bearer lent"], Sent);
    }

    [Fact]
    public async Task ReadAsUsualWithoutOne()
    {
        await Open(Sources(), Job(login: null)).ResolveAsync(Token);

        Assert.Equal([null, "Basic YW5uOmhlcnM="], Sent);
    }

    [Theory]
    [InlineData(59, "Bearer lent")]
    [InlineData(60, "Basic YW5uOmhlcnM=")]
    public async Task ReadWithoutItAfterAnHourWhetherOrNotItWasSwept(int minutes, string sent)
    {
        ScanJob job = Job(Sealed());
        _registry.Time.Advance(TimeSpan.FromMinutes(minutes));

        await Open(Sources(), job).ResolveAsync(Token);

        Assert.Equal([null, sent], Sent);
    }

    [Fact]
    public async Task ReadNoFurtherWithItAfterAnHour()
    {
        IImageSource source = Open(Sources(), Job(Sealed()));
        await source.ResolveAsync(Token);
        _registry.Time.Advance(JobSources.LoginLife);

        await Assert.ThrowsAsync<RegistryException>(() => source.ResolveAsync(Token));

        Assert.Equal([null, "Bearer lent"], Sent);
    }

    [Fact]
    public void SayWhichKeyIsMissing()
    {
        var failed = Assert.Throws<ScanException>(() => Open(Sources(Sealer("b")), Job(Sealed())));

        Assert.Contains("key \"a\", which is not among the settings Secrets__Keys__N__Version", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenNoLoginOfAnotherJob() => Assert.Throws<ScanException>(() => Open(Sources(), Job(Sealed(job: "another"))));

    [Fact]
    public void KeepNothingInPlainText() => Assert.DoesNotContain("lent", Sealed(), StringComparison.Ordinal);

    [Fact]
    public void NeedAKey() => Assert.Throws<SealedException>(
        () => Sources(new SecretSealer(new SecretSettings())).Seal("job", new CallerLogin(new Uri($"https://{Host}"), "Bearer lent")));
}
