using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// How a request speaks gRPC-Web, and how it wants to be answered (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-WEB.md).
/// </summary>
/// <param name="IsTextRequest">Whether its body is base64.</param>
/// <param name="IsTextAnswer">Whether the answer's is to be.</param>
/// <param name="ContentType">The content type of the answer.</param>
internal sealed record GrpcWebForm(bool IsTextRequest, bool IsTextAnswer, string ContentType)
{
    private const string Grpc = "application/grpc";
    private const string Web = "application/grpc-web";
    private const string WebText = "application/grpc-web-text";
    private const string Proto = "+proto";

    // roxctl says so where it has to speak HTTP/1.1 (https://github.com/stackrox/go-grpc-http1/blob/v0.3.12/internal/grpcweb/defs.go).
    private const string WebOnlyHeader = "Grpc-Web-Only";

    /// <summary>
    /// The form of a request; null if it is of none that can be answered: no gRPC, messages that are no protobuf, or gRPC whose caller does not say that it
    /// reads gRPC-Web. HTTP's own trailers, which that one needs, do not come through the Functions host.
    /// </summary>
    public static GrpcWebForm? Of(HttpRequest request)
    {
        string type = MediaTypeOf(request.ContentType);
        string suffix = type.EndsWith(Proto, StringComparison.Ordinal) ? Proto : "";
        type = type[..^suffix.Length];
        string[] accepted =
        [
            .. request.Headers.Accept.SelectMany(line => (line ?? "").Split(','))
                .Select(MediaTypeOf).Select(each => each.Replace(Proto, "", StringComparison.Ordinal)),
        ];
        return type switch
        {
            Web or WebText => In(type == WebText, accepted.Contains(WebText) || (type == WebText && !accepted.Contains(Web)), suffix),
            // go-grpc-http1 leaves the type of its requests as it is, and says among what it accepts that it reads gRPC-Web
            // (https://github.com/stackrox/go-grpc-http1/blob/v0.3.12/client/proxy.go).
            Grpc when accepted.Contains(Web) || request.Headers.ContainsKey(WebOnlyHeader) => In(isTextRequest: false, isTextAnswer: false, suffix),
            _ => null,
        };
    }

    private static GrpcWebForm In(bool isTextRequest, bool isTextAnswer, string suffix) =>
        new(isTextRequest, isTextAnswer, $"{(isTextAnswer ? WebText : Web)}{suffix}");

    private static string MediaTypeOf(string? value)
    {
        ReadOnlySpan<char> type = value;
        int end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().ToString().ToLowerInvariant();
    }
}
