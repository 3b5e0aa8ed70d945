using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Api;

public sealed class JobAnswerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Digest Layer = Digest.Parse($"sha256:{new string('a', 64)}");

    private static readonly ScanJob Queued = new()
    {
        Id = "j1",
        Target = "t",
        ImageName = "docker.io/library/nginx:1.27",
        Platform = "",
        Force = false,
        State = ScanJobState.Queued,
        CreatedAt = Noon,
    };

    [Fact]
    public void SaysOfAWaitingJobThatNothingIsKnownYet() => Assert.Equal(
        """{"id":"j1","state":"QUEUED","imageName":"docker.io/library/nginx:1.27","platform":"","force":false,"cluster":"","image":"","route":null,"reason":"","attempts":0,"layers":[],"phases":[],"error":null,"createdAt":"2026-03-01T12:00:00Z","startedAt":null,"finishedAt":null}""",
        JsonOf(Queued));

    [Fact]
    public void SaysHowFarAJobIs() => Assert.Equal(
        $$"""{"id":"j1","state":"READING","imageName":"docker.io/library/nginx:1.27","platform":"linux/arm64","force":true,"cluster":"edge","image":"","route":"LAYERS","reason":"it is big","attempts":2,"layers":[{"digest":"{{Layer}}","state":"READING","size":"5000000000","bytesRead":"7","attempts":1,"error":"it broke off"},{"digest":"{{Layer}}","state":"KNOWN","size":"5","bytesRead":"0","packages":12,"attempts":0,"error":""}],"packages":12,"phases":[{"name":"resolve","milliseconds":"12"}],"error":null,"createdAt":"2026-03-01T12:00:00Z","startedAt":"2026-03-01T12:00:01Z","finishedAt":null}""",
        JsonOf(Queued with
        {
            State = ScanJobState.Reading,
            Platform = "linux/arm64",
            Force = true,
            Cluster = "edge",
            Route = ScanRoute.Layers,
            RouteReason = "it is big",
            Attempts = 2,
            StartedAt = Noon.AddSeconds(1),
            // Of a try before the one that runs.
            ErrorMessage = "503",
            RegistryFailure = RegistryFailure.Unavailable,
            Layers =
            [
                new JobLayer(Layer, "application/x", 5_000_000_000) { State = JobLayerState.Reading, BytesRead = 7, Attempts = 1, ErrorMessage = "it broke off" },
                new JobLayer(Layer, "application/x", 5) { State = JobLayerState.Known, Packages = 12 },
            ],
            Phases = [new JobPhase("resolve", 12)],
        }));

    [Fact]
    public void NamesTheImageOfAJobThatIsDone() =>
        Assert.Contains($"\"image\":\"{Layer}\"", JsonOf(Queued with { State = ScanJobState.Done, ResultId = Layer.ToString() }), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        RegistryFailure.NotFound,
        """{"code":13,"message":"image enrichment error: error getting metadata for image: docker.io/library/nginx:1.27 error: getting metadata from registry: \"Public DockerHub\": it said no"}""")]
    [InlineData(null, """{"code":13,"message":"image enrichment error: error scanning image: docker.io/library/nginx:1.27 error: it said no"}""")]
    public void SaysWhyAJobHasFailedAsItsCallerHeard(RegistryFailure? kind, string error) =>
        Assert.Contains($"\"error\":{error}", JsonOf(Queued with { State = ScanJobState.Failed, ErrorMessage = "it said no", RegistryFailure = kind }), StringComparison.Ordinal);

    // Rows may be of any version of us.
    [Fact]
    public void SaysWhyAJobHasFailedWhoseNameCannotBeRead() => Assert.Contains(
        "\"error\":{\"code\":13,\"message\":\"it failed without a reason\"}", JsonOf(Queued with { State = ScanJobState.Failed, ImageName = "Not a name" }), StringComparison.Ordinal);

    private static string JsonOf(ScanJob job) => Encoding.UTF8.GetString(WireJson.BytesOf(JobAnswer.Of(job), WireLayout.Compact));
}
