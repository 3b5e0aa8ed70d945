using System.Text.Json.Nodes;

namespace ImageScan.Core.Api.Description;

/// <summary>What OpenAPI can say of a method of gRPC: that it is one. Its messages are those of the proto files, which are no schemas.</summary>
internal static class GrpcDescription
{
    public const string MediaType = "application/grpc-web";

    /// <summary>The request's content.</summary>
    public static JsonObject RequestBody() => new()
    {
        ["description"] = "One frame with the message; also as `application/grpc-web+proto`, in base64 as `application/grpc-web-text`, and as "
            + "`application/grpc` from who accepts gRPC-Web. `grpc-timeout` says how long its caller waits.",
        ["required"] = true,
        ["content"] = new JsonObject { [MediaType] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
    };

    /// <summary>The answer to a request of another content type.</summary>
    public static JsonObject NotSpoken() => new()
    {
        ["description"] = "The request speaks no gRPC-Web.",
        ["content"] = new JsonObject { ["text/plain"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
    };
}
