using ImageScan.Core.Api.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api.Webhooks;

public sealed class WebhookBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(99_999, true)]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    [InlineData(10_000_000, false)]
    public async Task IsReadUpToItsLimit(int length, bool isRead)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        var stream = new CountedBody(body);
        HttpRequest request = new DefaultHttpContext { Request = { Body = stream } }.Request;

        byte[]? read = await WebhookBody.ReadAsync(request, 100_000, Token);

        Assert.Equal(isRead ? body : null, read);
        Assert.InRange(stream.Position, 0, 250_000);
    }

    [Fact]
    public async Task IsNotTouchedWhereItsHeadSaysTooMuch()
    {
        var stream = new CountedBody(new byte[10]);
        HttpRequest request = new DefaultHttpContext { Request = { Body = stream, ContentLength = 100_001 } }.Request;

        Assert.Null(await WebhookBody.ReadAsync(request, 100_000, Token));
        Assert.Equal(0, stream.Position);
    }

    [Fact]
    public async Task IsReadAsItComesWhateverItsHeadSays()
    {
        HttpRequest request = new DefaultHttpContext { Request = { Body = new CountedBody(new byte[10]), ContentLength = 99_999 } }.Request;

        Assert.Equal(10, (await WebhookBody.ReadAsync(request, 100_000, Token))!.Length);
    }

    private sealed class CountedBody(byte[] body) : MemoryStream(body);
}
