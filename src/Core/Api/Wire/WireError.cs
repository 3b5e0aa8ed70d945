using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>grpc.gateway.runtime.Error</c> ("Runtimeerror"), keys in the order of 4.5; <c>error</c> and <c>message</c> are the same. Since 4.6
/// <c>error</c> comes last.
/// </summary>
public sealed record WireError(string Error, int Code, string Message, IReadOnlyList<WireRetry> Details);

/// <summary><c>google.rpc.RetryInfo</c> inside an Any.</summary>
/// <param name="RetryDelay">A proto duration: <c>30s</c>.</param>
public sealed record WireRetry(string RetryDelay)
{
    [JsonPropertyName("@type"), JsonPropertyOrder(-1)]
    public string Type { get; } = "type.googleapis.com/google.rpc.RetryInfo";
}
