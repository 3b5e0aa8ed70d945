using System.Security.Cryptography;
using System.Text;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Requests to the webhook <c>generic</c>, signed as its sender does.</summary>
internal static class WebhookRequest
{
    public const string Secret = "the secret of a webhook of these tests";

    /// <summary>The settings of an app that believes it of the registry beside it.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings { get; } =
    [
        ("Webhooks:generic:Secret", Secret),
        ("Webhooks:generic:Registries", ScanApp.RegistryHost),
        ("RegistryClient:Retries", "0"),
    ];

    /// <summary>A request that is right, unless told otherwise.</summary>
    public static HttpRequestMessage Signed(string body, string secret = Secret, DateTimeOffset? at = null) =>
        Signed(Encoding.UTF8.GetBytes(body), secret, at);

    public static HttpRequestMessage Signed(byte[] body, string secret = Secret, DateTimeOffset? at = null)
    {
        string time = $"{(at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds()}";
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.").Concat(body).ToArray());
        HttpRequestMessage request = Plain(body);
        request.Headers.Add("X-Timestamp", time);
        request.Headers.Add("X-Signature", $"sha256={Convert.ToHexStringLower(mac)}");
        return request;
    }

    /// <summary>A request without a proof.</summary>
    public static HttpRequestMessage Plain(byte[] body) =>
        new(HttpMethod.Post, "/v1/webhooks/generic") { Content = new ByteArrayContent(body) };
}
