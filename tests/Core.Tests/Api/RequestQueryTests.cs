using ImageScan.Core.Api;
using ImageScan.Core.Scans.Search;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageScan.Core.Tests.Api;

public sealed class RequestQueryTests
{
    [Theory]
    [InlineData("?includeSnoozed=true", true)]
    [InlineData("?include_snoozed=1", true)]
    [InlineData("?includeSnoozed=T", true)]
    [InlineData("?includeSnoozed=False", false)]
    [InlineData("?INCLUDESNOOZED=true", false)]
    [InlineData("", false)]
    public void ReadsFlagsInGosForms(string query, bool expected) => Assert.Equal(expected, new RequestQuery(Query(query)).Flag("includeSnoozed"));

    [Fact]
    public void RefusesAFlagThatIsNone()
    {
        var error = Assert.Throws<ApiException>(() => new RequestQuery(Query("?includeSnoozed=yes")).Flag("includeSnoozed"));

        Assert.Equal((GrpcCode.InvalidArgument, "strconv.ParseBool: parsing \"yes\": invalid syntax"), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("?platform=linux/arm64", "linux/arm64")]
    [InlineData("?platform=linux/arm/v7", "linux/arm/v7")]
    public void ReadsThePlatform(string query, string? expected) => Assert.Equal(expected, new RequestQuery(Query(query)).Platform()?.ToString());

    [Theory]
    [InlineData("arm64")]
    [InlineData("")]
    [InlineData("linux/")]
    [InlineData("a/b/c/d")]
    public void RefusesAPlatformThatIsNone(string platform)
    {
        var error = Assert.Throws<ApiException>(() => new RequestQuery(Query($"?platform={platform}")).Platform());

        Assert.Equal(GrpcCode.InvalidArgument, error.Code);
        Assert.Equal($"platform must be os/architecture or os/architecture/variant, such as linux/arm64, not \"{platform}\": invalid arguments", error.Message);
    }

    [Fact]
    public void ReadsTheRequestForOneImage()
    {
        var hex = new string('a', 64);

        Assert.Equal(new GetImageRequest($"sha256:{hex}", true, true) { Asked = hex }, GetImageRequest.Read(hex, Query("?includeSnoozed=true&stripDescription=true")));
        Assert.Equal(new GetImageRequest("sha512:ab", false, false), GetImageRequest.Read("sha512:ab", Query("")));
        Assert.Equal("docker.io/library/nginx:latest", GetImageRequest.Read(hex, Query("?name=nginx")).Name?.FullName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void RefusesARequestForNoImage(string? id)
    {
        var error = Assert.Throws<ApiException>(() => GetImageRequest.Read(id, Query("")));

        Assert.Equal((GrpcCode.InvalidArgument, "id must be specified: invalid arguments"), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("", "", 1000, 0)]
    [InlineData("?pagination.limit=10&pagination.offset=20&query=Image:nginx", "Image:nginx", 10, 20)]
    [InlineData("?pagination.limit=5000", "", 1000, 0)]
    public void ReadsAPageOfTheList(string query, string search, int limit, int offset) =>
        Assert.Equal(new ListImagesRequest(search, limit, offset), ListImagesRequest.Read(Query(query)));

    [Fact]
    public void ReadsTheOrderOfTheList()
    {
        ListImagesRequest request = ListImagesRequest.Read(Query("?pagination.sort_option.field=Image&pagination.sortOption.reversed=true"));

        Assert.Equal(("Image", true), (request.SortField, request.Reversed));
        Assert.Equal(ImageSort.Of("image", isReversed: true), request.Sort());
        Assert.Equal(ImageSort.Default, ListImagesRequest.Read(Query("?pagination.sortOptions[0].field=Image")).Sort());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999")]
    public void RefusesAPageThatIsNone(string offset)
    {
        var error = Assert.Throws<ApiException>(() => ListImagesRequest.Read(Query($"?pagination.offset={offset}")));

        Assert.Equal((GrpcCode.InvalidArgument, $"strconv.ParseInt: parsing \"{offset}\": invalid syntax"), (error.Code, error.Message));
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
