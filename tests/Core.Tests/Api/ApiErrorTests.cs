using Azure;
using ImageScan.Core.Api;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class ApiErrorTests
{
    [Theory]
    [InlineData(1, 408)]
    [InlineData(2, 500)]
    [InlineData(3, 400)]
    [InlineData(4, 504)]
    [InlineData(5, 404)]
    [InlineData(6, 409)]
    [InlineData(7, 403)]
    [InlineData(8, 429)]
    [InlineData(9, 400)]
    [InlineData(10, 409)]
    [InlineData(11, 400)]
    [InlineData(12, 501)]
    [InlineData(13, 500)]
    [InlineData(14, 503)]
    [InlineData(15, 500)]
    [InlineData(16, 401)]
    public void GivesEveryCodeItsStatus(int code, int status) => Assert.Equal(status, GrpcCodes.HttpStatusOf((GrpcCode)code));

    [Fact]
    public void SaysStackRoxsWords()
    {
        Assert.Equal((GrpcCode.InvalidArgument, "image name must be specified: invalid arguments"), Of(Refusals.ImageNameMissing()));
        Assert.Equal(
            (GrpcCode.InvalidArgument, "error parsing image name 'Nginx': invalid reference format: repository name (library/Nginx) must be lowercase: invalid arguments"),
            Of(Refusals.ImageNameUnreadable("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase")));
        Assert.Equal((GrpcCode.InvalidArgument, "id must be specified: invalid arguments"), Of(Refusals.ImageIdMissing()));
        Assert.Equal((GrpcCode.NotFound, "image with id \"X\" does not exist: not found"), Of(Refusals.ImageUnknown("X")));
        Assert.Equal((GrpcCode.PermissionDenied, "not authorized: \"READ_WRITE_ACCESS\" for \"Image\""), Of(Refusals.NotAuthorized(Operations.ScanImage)));
        Assert.Equal((GrpcCode.PermissionDenied, "not authorized: \"READ_ACCESS\" for \"Image\""), Of(Refusals.NotAuthorized(Operations.GetImage)));
        Assert.Equal((GrpcCode.PermissionDenied, "not authorized: \"READ_WRITE_ACCESS\" for \"WatchedImage\""), Of(Refusals.NotAuthorized(Operations.WatchImage)));
        Assert.Equal((GrpcCode.DeadlineExceeded, "context deadline exceeded"), Of(Refusals.TooSlow(null)));
        Assert.Equal((GrpcCode.NotFound, "scan with id \"X\" does not exist: not found"), Of(Refusals.ScanUnknown("X")));
        Assert.Equal(
            (GrpcCode.PermissionDenied, "not authorized: \"READ_WRITE_ACCESS\" for \"Administration\""), Of(Refusals.NotAuthorized(Operations.PutDelegationConfig)));
        Assert.Equal((GrpcCode.NotFound, "no clusters found"), Of(Refusals.NoClusters()));
        Assert.Equal((GrpcCode.InvalidArgument, "invalid arguments: a\nb"), Of(Refusals.DelegationConfigWrong(["a", "b"])));
    }

    [Theory]
    [InlineData(DelegationFailure.ClusterUnknown, GrpcCode.NotFound)]
    [InlineData(DelegationFailure.NoClusterNamed, GrpcCode.InvalidArgument)]
    [InlineData(DelegationFailure.NotConnected, GrpcCode.Internal)]
    [InlineData(DelegationFailure.NotSupported, GrpcCode.Internal)]
    public void GivesEveryFailureOfDelegationItsCode(DelegationFailure failure, GrpcCode code) =>
        Assert.Equal((code, "as it was said"), Of(Refusals.DelegationRefused(new DelegationException(failure, "as it was said"))));

    [Fact]
    public void SaysWhichClusterDidNotScanWhichImage()
    {
        var pending = new ApiException(GrpcCode.DeadlineExceeded, "context deadline exceeded: it goes on", TimeSpan.FromSeconds(5));

        ApiException error = Refusals.DelegatedScanFailed(
            new Cluster("1-2", "edge", DateTimeOffset.UnixEpoch, TimeSpan.Zero, "0.1.0", 1), MadeScan.Reference(), pending);

        Assert.Equal(
            (GrpcCode.DeadlineExceeded, "error delegating scan to cluster \"1-2\" for \"docker.io/library/nginx:1.27\": context deadline exceeded: it goes on"), Of(error));
        Assert.Equal(TimeSpan.FromSeconds(5), error.RetryAfter);
    }

    [Fact]
    public void AddsThatNoClusterWasNamedToWhatFailedHere()
    {
        ApiException failed = Refusals.ScanFailed(MadeScan.Reference(), new ScanException("it broke"));
        ApiException pending = new(GrpcCode.DeadlineExceeded, "context deadline exceeded");

        Assert.Equal(
            (GrpcCode.Internal, "image enrichment errors: [error scanning image: docker.io/library/nginx:1.27 error: it broke, "
                + "no cluster specified for delegated scanning and Central scan attempt failed]"),
            Of(Refusals.NotDelegatedAndFailed(failed)));
        Assert.Same(pending, Refusals.NotDelegatedAndFailed(pending));
    }

    [Fact]
    public void WrapsWhatARegistrySays() => Assert.Equal(
        (GrpcCode.Internal, "image enrichment error: error getting metadata for image: docker.io/library/nginx:1.27 error: getting metadata from registry: \"Public DockerHub\": HEAD answered 404"),
        Of(Refusals.RegistryFailed(MadeScan.Reference(), new RegistryException("HEAD answered 404"))));

    [Fact]
    public void NamesADigestThatHasNoRegistry() => Assert.Equal(
        (GrpcCode.Internal, "image enrichment error: error getting metadata for image: sha256:x error: invalid arguments: no registry is indicated for image \"sha256:x\""),
        Of(Refusals.RegistryMissing(new ImageReference("", "", "", "sha256:x", null))));

    [Fact]
    public void MapsExceptions()
    {
        Assert.Equal((GrpcCode.Internal, "image enrichment error: refused"), For(new RegistryException("refused") { Failure = RegistryFailure.NotFound }));
        Assert.Equal((GrpcCode.Canceled, "context canceled"), For(new TaskCanceledException()));
        Assert.Equal((GrpcCode.DeadlineExceeded, "context deadline exceeded"), For(new TimeoutException()));
        Assert.Equal((GrpcCode.DeadlineExceeded, "context deadline exceeded"), For(new TaskCanceledException("", new TimeoutException())));
        Assert.Equal((GrpcCode.Unavailable, "no table"), For(new StorageException("no table")));
        Assert.Equal(
            (GrpcCode.Unavailable, "the storage account did not do what was asked (status 403, AuthorizationFailure): check the setting AzureWebJobsStorage"),
            For(new RequestFailedException(403, "long text", "AuthorizationFailure", null)));
        Assert.Equal(
            (GrpcCode.Unavailable, "the storage account did not do what was asked (status 0, no answer): check the setting AzureWebJobsStorage"),
            For(new AggregateException(new RequestFailedException("connection refused"))));
        Assert.Equal((GrpcCode.InvalidArgument, "the request could not be read to its end"), For(new BadHttpRequestException("x")));
        Assert.Equal((GrpcCode.NotFound, "gone"), For(new ApiException(GrpcCode.NotFound, "gone")));
    }

    [Fact]
    public void KeepsTheTextOfWhatNobodyForesawOutOfTheAnswer() =>
        Assert.Equal((GrpcCode.Internal, "internal error: the log says more under request r1"), For(new InvalidOperationException("secret")));

    [Fact]
    public void KnowsWhatItForesees()
    {
        Exception[] foreseen =
        [
            new ApiException(GrpcCode.NotFound, ""), new BadHttpRequestException(""), new RegistryException(""), new StorageException(""),
            new AdvisoryDatabaseException("x"), new TimeoutException(), new TaskCanceledException(), new RequestFailedException(""), new AggregateException(new RequestFailedException("")),
        ];

        Assert.All(foreseen, exception => Assert.True(ErrorTable.Foresees(exception)));
        Assert.False(ErrorTable.Foresees(new InvalidOperationException()));
        Assert.False(ErrorTable.Foresees(new AggregateException(new InvalidOperationException())));
    }

    [Theory]
    [InlineData(GrpcCode.ResourceExhausted)]
    [InlineData(GrpcCode.DeadlineExceeded)]
    public void SaysWhenToComeBack(GrpcCode code)
    {
        Assert.Equal("30s", Assert.Single(new ApiException(code, "m").ToBody().Details).RetryDelay);
        Assert.Equal("3s", Assert.Single(new ApiException(code, "m", TimeSpan.FromSeconds(2.1)).ToBody().Details).RetryDelay);
        Assert.Equal("1s", Assert.Single(new ApiException(code, "m", TimeSpan.Zero).ToBody().Details).RetryDelay);
    }

    [Fact]
    public void SaysNothingOfComingBackElsewhere() =>
        Assert.Empty(new ApiException(GrpcCode.Internal, "m", TimeSpan.FromSeconds(5)).ToBody().Details);

    private static (GrpcCode Code, string Message) Of(ApiException error) => (error.Code, error.Message);

    private static (GrpcCode Code, string Message) For(Exception exception) => Of(ErrorTable.ErrorFor(exception, "r1"));
}
