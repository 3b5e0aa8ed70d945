using ImageScan.Core.Api;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Api;

public sealed class ImageQueryTests
{
    private static readonly ListedImage[] Images =
    [
        Image("docker.io/library/nginx:1.27"),
        Image("docker.io/library/nginx:latest"),
        Image("ghcr.io/owner/app:1"),
    ];

    [Theory]
    [InlineData("", 3)]
    [InlineData("Image:docker.io/library/nginx", 2)]
    [InlineData("image:DOCKER.io/library/nginx:1.27", 1)]
    [InlineData("Image:\"docker.io/library/nginx\"", 0)]
    [InlineData("Image:\"docker.io/library/nginx:latest\"", 1)]
    [InlineData("Image:ghcr.io,docker.io/library/nginx:latest", 2)]
    [InlineData("Image:docker.io+Image:ghcr.io", 0)]
    public void FindsImagesByName(string query, int expected) => Assert.Equal(expected, ImageQuery.Parse(query).Of(Images).Count());

    [Theory]
    [InlineData("CVE:CVE-2024-1")]
    [InlineData("Image:a+Severity:CRITICAL")]
    [InlineData("nginx")]
    public void RefusesWhatItCannotSearch(string query)
    {
        var error = Assert.Throws<ApiException>(() => ImageQuery.Parse(query));

        Assert.Equal(GrpcCode.InvalidArgument, error.Code);
    }

    private static ListedImage Image(string name) => new("sha256:0", name, new ScanSummary(1, 0, 0, null, 0), null, DateTimeOffset.UnixEpoch);
}
