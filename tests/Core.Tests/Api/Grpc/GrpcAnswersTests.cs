using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Tests.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Proto = ImageScan.Core.Api.Grpc.Messages;

namespace ImageScan.Core.Tests.Api.Grpc;

/// <summary>What comes out of the gate for a caller who speaks gRPC-Web.</summary>
public sealed class GrpcAnswersTests : IDisposable
{
    private readonly MadeAccess _access = new(
        new AccessSettings { Tokens = [new AccessToken { Name = "scanner", Hash = TokenTableTests.HashOf("s"), Role = AccessRole.Scan }], RequestsPerMinute = 3 },
        AccessMode.Tokens);

    public void Dispose() => _access.Dispose();

    [Fact]
    public async Task AreAMessageAndTrailers()
    {
        HttpContext context = await Ask(Operations.GrpcPing, Pong);

        Assert.Equal((200, "application/grpc-web+proto"), (context.Response.StatusCode, context.Response.ContentType));
        // The bytes that PROTOCOL-WEB.md describes: flags, length, field 1 of two letters; flags with the high bit, length, lines.
        Assert.Equal([0, 0, 0, 0, 4, 0x0A, 2, (byte)'o', (byte)'k', 0x80, 0, 0, 0, 16, .. "grpc-status: 0\r\n"u8], BodyOf(context));
        Assert.Equal(BodyOf(context).Length, context.Response.ContentLength);
        Assert.Equal("identity,gzip", context.Response.Headers["grpc-accept-encoding"].ToString());
    }

    [Theory]
    [InlineData(null, "16", "credentials not found")]
    [InlineData("Bearer x", "16", "credentials not found: token-based: cannot extract identity: token validation failed")]
    public async Task SayErrorsAmongTheTrailersAlone(string? authorization, string code, string message)
    {
        HttpContext context = await Ask(Operations.GrpcScanImage, Pong, request => request.Headers.Authorization = authorization);

        Assert.Equal((200, ""), (context.Response.StatusCode, context.Response.Headers.WWWAuthenticate.ToString()));
        Assert.Equal((null, $"grpc-status: {code}\r\ngrpc-message: {message}\r\n"), Frames(BodyOf(context)));
    }

    [Fact]
    public async Task EscapeWhatIsNotVisible()
    {
        HttpContext context = await Ask(Operations.GrpcPing, (_, _) => throw new ApiException(GrpcCode.NotFound, "100% \r\ngrpc-status: 0\u001b ü"));

        Assert.Equal((null, "grpc-status: 5\r\ngrpc-message: 100%25 %0D%0Agrpc-status: 0%1B %C3%BC\r\n"), Frames(BodyOf(context)));
    }

    [Fact]
    public async Task SayWhenToAskAgain()
    {
        HttpContext context = await Ask(Operations.GrpcPing, (_, _) => throw new ApiException(GrpcCode.DeadlineExceeded, "later", TimeSpan.FromSeconds(90)));

        string trailers = Frames(BodyOf(context)).Trailers;
        Assert.StartsWith("grpc-status: 4\r\ngrpc-message: later\r\ngrpc-status-details-bin: ", trailers, StringComparison.Ordinal);
        string details = trailers.Split("grpc-status-details-bin: ")[1].TrimEnd();
        Assert.DoesNotContain('=', details);
        var status = Proto.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal((4, "later"), (status.Code, status.Message));
        Assert.Equal(Duration.FromTimeSpan(TimeSpan.FromSeconds(90)), Assert.Single(status.Details).Unpack<Proto.RetryInfo>().RetryDelay);
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", status.Details[0].TypeUrl);
        Assert.False(context.Response.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task MayBeBase64InPieces()
    {
        string id = new('x', 200_000);

        HttpContext context = await Ask(
            Operations.GrpcPing, (_, _) => Task.FromResult(ApiResult.Json(new WireImage { Id = id })), request => request.ContentType = "application/grpc-web-text");

        Assert.Equal("application/grpc-web-text", context.Response.ContentType);
        byte[] body = Convert.FromBase64String(Encoding.ASCII.GetString(BodyOf(context)));
        (byte[]? message, string trailers) = Frames(body);
        Assert.Equal((id, "grpc-status: 0\r\n"), (Proto.Image.Parser.ParseFrom(message).Id, trailers));
    }

    [Fact]
    public async Task SpeakHttpToWhoDoesNotSpeakGrpc()
    {
        HttpContext context = await Ask(Operations.GrpcScanImage, Pong, request => request.ContentType = "application/grpc");

        Assert.Equal((401, "Bearer"), (context.Response.StatusCode, context.Response.Headers.WWWAuthenticate.ToString()));
        Assert.Contains("\"code\":16,", Encoding.UTF8.GetString(BodyOf(context)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountPingsAsLittleAsThoseOfJson()
    {
        for (int i = 0; i < 5; i++)
        {
            HttpContext context = await Ask(Operations.GrpcPing, Pong, request => request.Headers.Authorization = "Bearer s");
            Assert.Equal("grpc-status: 0\r\n", Frames(BodyOf(context)).Trailers);
        }
    }

    [Theory]
    [InlineData("/v1.ImageService/ListImages", "unknown method ListImages for service v1.ImageService")]
    [InlineData("/v1.AuthService/GetAuthStatus", "unknown service v1.AuthService")]
    [InlineData("/v1.Im\u001bage/x", "unknown service v1.Im?age")]
    [InlineData("/nothing", "unknown service nothing")]
    [InlineData("/", "unknown service ")]
    public async Task SayWhichMethodsThereAreNot(string path, string message)
    {
        DefaultHttpContext context = Context();
        context.Request.Path = path;

        await Gate().AnswerNotFoundAsync(context);

        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal((null, $"grpc-status: 12\r\ngrpc-message: {message}\r\n"), Frames(BodyOf(context)));
    }

    private static Task<ApiResult> Pong(HttpContext context, CancellationToken cancellationToken) => Task.FromResult(ApiResult.Json(new WirePing()));

    private static (byte[]? Message, string Trailers) Frames(byte[] body)
    {
        byte[]? message = null;
        int at = 0;
        if (body[0] == 0)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1));
            message = body[5..(5 + length)];
            at = 5 + length;
        }

        Assert.Equal(0x80, body[at]);
        Assert.Equal(body.Length - at - 5, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1)));
        return (message, Encoding.ASCII.GetString(body.AsSpan(at + 5)));
    }

    private static byte[] BodyOf(HttpContext context) => ((MemoryStream)context.Response.Body).ToArray();

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost:7071");
        context.Request.ContentType = "application/grpc-web+proto";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private ApiGate Gate() => new(_access.Check, _access.Allowance, _access.Trail, new ApiSettings(), _access.Time, NullLogger<ApiGate>.Instance);

    private async Task<HttpContext> Ask(Operation operation, ApiHandler handler, Action<HttpRequest>? with = null)
    {
        DefaultHttpContext context = Context();
        with?.Invoke(context.Request);
        await Gate().HandleAsync(context, operation, handler);
        return context;
    }
}
