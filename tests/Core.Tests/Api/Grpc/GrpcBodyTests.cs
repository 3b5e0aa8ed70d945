using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using Google.Protobuf;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Grpc;
using Microsoft.AspNetCore.Http;
using Proto = ImageScan.Core.Api.Grpc.Messages;

namespace ImageScan.Core.Tests.Api.Grpc;

public sealed class GrpcBodyTests
{
    private static readonly Proto.ScanImageRequest Asked = new() { ImageName = "nginx:1.25", Force = true, Cluster = "münchen" };

    private static readonly GrpcWebForm Binary = new(IsTextRequest: false, IsTextAnswer: false, "application/grpc-web");
    private static readonly GrpcWebForm Text = Binary with { IsTextRequest = true };

    [Fact]
    public async Task IsAFrameWithAMessage() => Assert.Equal(Asked, await ReadAsync(Framed(Asked.ToByteArray()), Binary));

    [Fact]
    public async Task MayBeBase64() =>
        Assert.Equal(Asked, await ReadAsync(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(Framed(Asked.ToByteArray()))), Text));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task MayBeBase64InPieces(int bytes) => Assert.Equal(
        Asked,
        await ReadAsync(
            System.Text.Encoding.ASCII.GetBytes(string.Concat(Framed(Asked.ToByteArray()).Chunk(bytes).Select(piece => Convert.ToBase64String(piece)))), Text));

    [Fact]
    public async Task MayBeGzip() => Assert.Equal(Asked, await ReadAsync(Framed(Gzip(Asked.ToByteArray()), flags: 1), Binary, "gzip"));

    [Fact]
    public async Task MayBeAMessageWithoutFields() => Assert.Equal(new Proto.ScanImageRequest(), await ReadAsync(Framed([]), Binary));

    [Fact]
    public async Task MayHaveFieldsThatAreNotKnown() =>
        Assert.Equal("nginx:1.25", (await ReadAsync(Framed([.. Asked.ToByteArray(), .. (byte[])[0xF8, 0x07, 0x05]]), Binary)).ImageName);

    [Theory]
    [InlineData("", "the request has 0 bytes and no frame, which begins with 5")]
    [InlineData("00000000", "the request has 4 bytes and no frame, which begins with 5")]
    [InlineData("0000000001", "the request's frame says 1 bytes and has 0: it must be one, and whole")]
    [InlineData("00ffffffff", "the request's frame says 4294967295 bytes and has 0: it must be one, and whole")]
    [InlineData("00000000000000000000", "the request's frame says 0 bytes and has 5: it must be one, and whole")]
    [InlineData("8000000000", "the request's frame has flags that are not known: 80")]
    [InlineData("0200000000", "the request's frame has flags that are not known: 02")]
    [InlineData("00000000020a05", "the request is no v1.ScanImageRequest")]
    [InlineData("000000000107", "the request is no v1.ScanImageRequest")]
    [InlineData("0100000000", "the request's frame is compressed, and grpc-encoding does not say how")]
    public async Task SaysWhatIsWrong(string hex, string message)
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Convert.FromHexString(hex), Binary));

        Assert.Equal((GrpcCode.InvalidArgument, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task KnowsNoOtherCompression()
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Framed([1], flags: 1), Binary, "sna\u001bppy"));

        Assert.Equal((GrpcCode.Unimplemented, "grpc-encoding \"sna\\u001bppy\" is not known: gzip and identity are"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task RefusesGzipThatIsNone()
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Framed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], flags: 1), Binary, "gzip"));

        Assert.Equal((GrpcCode.InvalidArgument, "the request's frame is no gzip, as it says it is"), (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData("AAA!")]
    [InlineData("AAA")]
    [InlineData("=")]
    [InlineData("AA====")]
    [InlineData("AA=AAA==")]
    [InlineData("AAAA=AAA")]
    public async Task RefusesBase64ThatIsNone(string text)
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(System.Text.Encoding.ASCII.GetBytes(text), Text));

        Assert.Equal((GrpcCode.InvalidArgument, "the request is no base64, as its content type says it is"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task IsNoLongerThanABodyOfJson()
    {
        byte[] longest = new Proto.ScanImageRequest { ImageName = new string('x', RequestBody.MaxBytes) }.ToByteArray();

        ApiException plain = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Framed(longest), Binary));
        ApiException bomb = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Framed(Gzip(new byte[100_000_000]).AsSpan()[..50_000].ToArray(), flags: 1), Binary, "gzip"));

        Assert.Equal((GrpcCode.InvalidArgument, "the request body is longer than 65536 bytes"), (plain.Code, plain.Message));
        Assert.Equal((GrpcCode.InvalidArgument, "the request body is longer than 65536 bytes"), (bomb.Code, bomb.Message));
    }

    [Fact]
    public async Task NeverFailsOtherwise()
    {
        Gen<(byte[] Body, bool IsText, string Encoding)> requests = Gen.Select(
            Gen.OneOf(
                Gen.Byte.Array[0, 64],
                Gen.Select(Gen.Byte.Array[0, 64], Gen.Byte[0, 1], Framed),
                Gen.Select(Gen.Byte.Array[0, 64], (byte[] bytes) => Framed(Gzip(bytes), flags: 1)),
                // One byte of a good request is another.
                Gen.Select(Gen.Int[0, Asked.CalculateSize() + 4], Gen.Byte, (at, with) =>
                {
                    byte[] body = Framed(Asked.ToByteArray());
                    body[at] = with;
                    return body;
                })),
            Gen.Bool,
            Gen.Int[0, 3].Select(which => new[] { "", "gzip", "identity", "br" }[which]));

        await requests.SampleAsync(async request =>
        {
            try
            {
                await ReadAsync(request.Body, request.IsText ? Text : Binary, request.Encoding);
            }
            catch (ApiException refusal)
            {
                Assert.True(refusal.Code is GrpcCode.InvalidArgument or GrpcCode.Unimplemented);
            }
        }, iter: 20_000);
    }

    private static async Task<Proto.ScanImageRequest> ReadAsync(byte[] body, GrpcWebForm form, string encoding = "")
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(body);
        request.Headers["grpc-encoding"] = encoding;
        return await GrpcBody.ReadAsync(request, form, Proto.ScanImageRequest.Parser, TestContext.Current.CancellationToken);
    }

    private static byte[] Framed(byte[] message, byte flags = 0)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
