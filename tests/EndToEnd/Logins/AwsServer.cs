using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Logins;

/// <summary>
/// Plays ECR's API and the Security Token Service: checks signatures as AWS does
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html), gives sessions of a role, and passwords for the registry.
/// </summary>
internal sealed class AwsServer : IAsyncDisposable
{
    public const string KeyId = "AKIAIOSFODNN7EXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public const string Role = "arn:aws:iam::123456789012:role/scan";
    public const string Region = "eu-west-1";

    private const string RoleKeyId = "ASIAIOSFODNN7EXAMPLE";
    private const string RoleSecret = "secret/of+the=role";
    private const string RoleSession = "session/of+the=role";

    private CloudServer _server = null!;
    private int _given;

    /// <summary>How far the clock of AWS is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>How long passwords live.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The token by which the role may be taken without a key.</summary>
    public string WebIdentityToken { get; set; } = "";

    public string Address => $"http://{_server.Host}";

    public IReadOnlyList<CloudRequest> Requests => _server.Requests;

    /// <summary>The password that was given last.</summary>
    public string Password => $"password {_given}";

    public static async Task<AwsServer> StartAsync()
    {
        var aws = new AwsServer();
        aws._server = await CloudServer.StartAsync(aws.AnswerAsync);
        return aws;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(CloudRequest request, HttpContext context)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow + Ahead;
        context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        bool isEcr = request.Header("X-Amz-Target") == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
        string? wrong = isEcr ? ReasonAgainst(request, "ecr", now)
            : request.Form["Action"] == "AssumeRole" ? ReasonAgainst(request, "sts", now)
            : request.Form["WebIdentityToken"] == WebIdentityToken ? null
            : "InvalidIdentityToken";
        context.Response.StatusCode = wrong is null ? 200 : 400;
        return context.Response.WriteAsync((isEcr, wrong) switch
        {
            (true, null) => Given(now),
            (true, _) => $$"""{"__type":"{{wrong}}","message":"The request was refused."}""",
            (false, null) when request.Form["RoleArn"] == Role => Assumed(request.Form["Action"], now),
            _ => $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{wrong ?? "AccessDenied"}</Code></Error></ErrorResponse>",
        });
    }

    private string Given(DateTimeOffset now)
    {
        _given++;
        string token = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{Password}"));
        return $$"""{"authorizationData":[{"authorizationToken":"{{token}}","expiresAt":{{(now - Ahead + Life).ToUnixTimeSeconds()}}.25,"proxyEndpoint":"https://x"}]}""";
    }

    private static string Assumed(string action, DateTimeOffset now) => $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <{action}Result>
            <Credentials>
              <AccessKeyId>{RoleKeyId}</AccessKeyId>
              <SecretAccessKey>{RoleSecret}</SecretAccessKey>
              <SessionToken>{RoleSession}</SessionToken>
              <Expiration>{now.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration>
            </Credentials>
          </{action}Result>
        </{action}Response>
        """;

    // The signature is made anew from what arrived, by the words of the documentation and not by what we sign with.
    private static string? ReasonAgainst(CloudRequest request, string service, DateTimeOffset now)
    {
        string[] parts = request.Header("Authorization").Replace("AWS4-HMAC-SHA256 ", "", StringComparison.Ordinal).Split(", ");
        if (parts.Length != 3)
        {
            return "MissingAuthenticationToken";
        }

        string[] credential = parts[0].Replace("Credential=", "", StringComparison.Ordinal).Split('/');
        string[] signed = parts[1].Replace("SignedHeaders=", "", StringComparison.Ordinal).Split(';');
        string? secret = credential[0] switch
        {
            KeyId => Secret,
            RoleKeyId when request.Header("X-Amz-Security-Token") == RoleSession && signed.Contains("x-amz-security-token") => RoleSecret,
            _ => null,
        };
        string stamp = request.Header("X-Amz-Date");
        if (secret is null || !credential.AsSpan(1).SequenceEqual([stamp[..8], Region, service, "aws4_request"]) || !signed.Contains("host") || !signed.Contains("x-amz-date"))
        {
            return "UnrecognizedClientException";
        }

        var time = DateTimeOffset.ParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if ((time - now).Duration() > TimeSpan.FromMinutes(15))
        {
            return "InvalidSignatureException";
        }

        string headers = string.Concat(signed.Select(name => $"{name}:{request.Header(name).Trim()}\n"));
        string canonical = $"{request.Method}\n{request.Path}\n\n{headers}\n{string.Join(';', signed)}\n{Hash(request.Body)}";
        string toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{string.Join('/', credential[1..])}\n{Hash(canonical)}";
        byte[] key = credential[1..].Aggregate(Encoding.UTF8.GetBytes($"AWS4{secret}"), Hmac);
        return parts[2] == $"Signature={Convert.ToHexStringLower(Hmac(key, toSign))}" ? null : "InvalidSignatureException";
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
