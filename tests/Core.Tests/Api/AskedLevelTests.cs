using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class AskedLevelTests
{
    [Theory]
    [InlineData("latest", ApiLevel.Latest)]
    [InlineData(" LATEST ", ApiLevel.Latest)]
    [InlineData("4.5", ApiLevel.Release45)]
    [InlineData("", ApiLevel.Release49)]
    [InlineData("4.9", ApiLevel.Release49)]
    [InlineData("412", ApiLevel.Release49)]
    [InlineData("99", ApiLevel.Release49)]
    [InlineData("latest,4.5", ApiLevel.Release49)]
    public void IsThatOfTheHeaderIfItNamesOne(string header, ApiLevel level)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers["Api-Level"] = header;

        Assert.Equal(level, AskedLevel.Of(request, new ApiSettings { Level = ApiLevel.Release49 }));
    }
}
