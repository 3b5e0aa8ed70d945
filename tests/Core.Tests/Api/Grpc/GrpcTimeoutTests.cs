using System.Globalization;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Grpc;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", "01:00:00")]
    [InlineData("2M", "00:02:00")]
    [InlineData("60S", "00:01:00")]
    [InlineData("59998m", "00:00:59.998")]
    [InlineData("250u", "00:00:00.000250")]
    [InlineData("1999n", "00:00:00.0000019")]
    [InlineData("0n", "00:00:00")]
    [InlineData("99999999H", "4166666.15:00:00")]
    public void IsANumberAndAUnit(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), GrpcTimeout.Of(RequestOf(text)));

    [Fact]
    public void IsNoneIfNothingIsSaid() => Assert.Null(GrpcTimeout.Of(new DefaultHttpContext().Request));

    [Theory]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1s")]
    [InlineData("1 S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1S\u001b")]
    public void RefusesWhatIsNoTime(string text)
    {
        ApiException refusal = Assert.Throws<ApiException>(() => GrpcTimeout.Of(RequestOf(text)));

        Assert.Equal(GrpcCode.InvalidArgument, refusal.Code);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    private static HttpRequest RequestOf(string timeout)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers[GrpcTimeout.Header] = timeout;
        return request;
    }
}
