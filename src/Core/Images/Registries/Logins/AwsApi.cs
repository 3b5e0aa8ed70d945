using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Asks APIs of AWS. Where they refuse, an error says the code alone, since whoever may read a scan reads its error and AWS names accounts, users and roles
/// in its messages; the log has those.
/// </summary>
internal sealed class AwsApi(CloudApi api, RegistryNotices notices, TimeProvider time)
{
    // AWS takes signatures of fifteen minutes at most (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html); some services of five.
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    /// <summary>The body of a success. Throws <see cref="RegistryException"/>.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="keys">What it is signed with; null for a request that is not signed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<byte[]> SendAsync(AwsCall call, AwsKeys? keys, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = MessageOf(call, keys);
        CloudAnswer answer = await api.SendAsync(call.What, call.Endpoint, request, cancellationToken);
        return answer.IsSuccess ? answer.Body : throw RefusalOf(call, answer);
    }

    private HttpRequestMessage MessageOf(AwsCall call, AwsKeys? keys)
    {
        Uri address = call.Endpoint.Address;
        byte[] body = Encoding.UTF8.GetBytes(call.Body);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        List<(string Name, string Value)> headers = call.Target.Length > 0 ? [("X-Amz-Target", call.Target)] : [];
        if (keys is not null)
        {
            var scope = new AwsScope(time.GetUtcNow(), call.Region, call.Service);
            headers.Add((AwsRequest.DateHeader, scope.Stamp));
            if (keys.SessionToken.Length > 0)
            {
                headers.Add((AwsRequest.SessionHeader, keys.SessionToken));
            }

            var signed = new AwsRequest(
                "POST", Uri.UnescapeDataString(address.AbsolutePath), "", [("Host", address.Authority), ("Content-Type", call.ContentType), .. headers], body);
            headers.Add(("Authorization", AwsSignature.AuthorizationOf(signed, scope, keys)));
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private RegistryException RefusalOf(AwsCall call, CloudAnswer answer)
    {
        (string code, string message) = call.Service == "sts" ? StsAnswer.ErrorIn(answer.Body) : ErrorIn(answer.Body);

        // Below its first line there may be what AWS would have signed, with the session in it.
        string said = IsCode(code) ? code : $"{(int)answer.Status}";
        notices.CloudRefused($"{call.What}: {said}", HostileText.Plain($"{message.Split('\n')[0]}", 400));
        return new RegistryException($"{call.What}: AWS refused it ({said}){SkewOf(answer)}")
        {
            // https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
            Failure = code.StartsWith("Throttling", StringComparison.Ordinal) || code is "TooManyRequestsException" or "RequestLimitExceeded"
                ? RegistryFailure.Unavailable
                : RegistryFailure.AccountUnusable,
        };
    }

    private static bool IsCode(string code) => code.Length is > 0 and <= 100 && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');

    // The words of AWS about a wrong clock differ by service; its own clock is in every answer.
    private string SkewOf(CloudAnswer answer)
    {
        TimeSpan? skew = time.GetUtcNow() - answer.Date;
        return skew is { } off && off.Duration() > MaxSkew
            ? $"; the clock of this machine is {off.Duration().TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} minutes"
                + $" {(off > TimeSpan.Zero ? "ahead of" : "behind")} that of AWS: set it right"
            : "";
    }

    // {"__type":"com.amazonaws.ecr#AccessDeniedException","message":"…"} (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
    private static (string Code, string Message) ErrorIn(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            string type = document.RootElement.Member("__type").Text() ?? "";
            string message = document.RootElement.Member("message").Text() ?? document.RootElement.Member("Message").Text() ?? "";
            return (type[(type.LastIndexOf('#') + 1)..], message);
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}

/// <summary>One thing asked of AWS, by POST.</summary>
/// <param name="What">Who is asked for what, as an error begins.</param>
/// <param name="Endpoint">Where.</param>
/// <param name="Region">The region that signs.</param>
/// <param name="Service">The service that signs: <c>ecr</c>, <c>sts</c>.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Target">The header X-Amz-Target; "" for none.</param>
/// <param name="Body">The body.</param>
internal sealed record AwsCall(string What, CloudEndpoint Endpoint, string Region, string Service, string ContentType, string Target, string Body)
{
    // A record would print its members into any log line that mentions it.
    public override string ToString() => What;
}
