namespace ImageScan.Core.Api.Wire;

/// <summary>The last line of a stream that breaks off, or all of one that never began, up to 4.5.</summary>
public sealed record WireStreamFailure(WireStreamError Error);

/// <summary>
/// <c>grpc.gateway.runtime.StreamError</c> (https://github.com/grpc-ecosystem/grpc-gateway/blob/v1.16.0/internal/errors.proto).
/// </summary>
/// <param name="GrpcCode">The code.</param>
/// <param name="HttpCode">The HTTP status that goes with it, also where another has been sent before.</param>
/// <param name="Message">The text.</param>
/// <param name="HttpStatus">The status in the words of Go's <c>http.StatusText</c>.</param>
/// <param name="Details">When to ask again, if it is worth it.</param>
public sealed record WireStreamError(int GrpcCode, int HttpCode, string Message, string HttpStatus, IReadOnlyList<WireRetry> Details)
{
    internal static WireStreamError Of(WireError error, int status) => new(error.Code, status, error.Message, TextOf(status), error.Details);

    // https://cs.opensource.google/go/go/+/refs/tags/go1.21.0:src/net/http/status.go, of those that codes of gRPC become.
    private static string TextOf(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        429 => "Too Many Requests",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Internal Server Error",
    };
}

/// <summary>As <see cref="WireStreamFailure"/>, since 4.6.</summary>
public sealed record WireStatusFailure(WireStatus Error);

/// <summary><c>google.rpc.Status</c>.</summary>
public sealed record WireStatus(int Code, string Message, IReadOnlyList<WireRetry> Details)
{
    internal static WireStatus Of(WireError error) => new(error.Code, error.Message, error.Details);
}
