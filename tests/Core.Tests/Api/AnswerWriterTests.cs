using ImageScan.Core.Api;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class AnswerWriterTests
{
    [Theory]
    [InlineData("", "Accept-Encoding")]
    [InlineData("Accept-Encoding", "Accept-Encoding")]
    [InlineData("Authorization", "Authorization,Accept-Encoding")]
    public async Task KeepsWhatElseAnAnswerDependsOn(string vary, string written)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptEncoding = "gzip";
        context.Response.Headers.Vary = vary.Length > 0 ? vary : default;
        context.Response.Body = new MemoryStream();

        await AnswerWriter.WriteBodyAsync(context, new byte[2_000], TestContext.Current.CancellationToken);

        Assert.Equal(written, context.Response.Headers.Vary.ToString());
    }
}
