using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Access tokens of Google Cloud for an identity from elsewhere: workload identity federation (https://google.aip.dev/auth/4117), by which Artifact
/// Registry is read as the user <c>oauth2accesstoken</c> (https://cloud.google.com/artifact-registry/docs/docker/authentication#token).
/// </summary>
internal sealed class GoogleTokens(CloudApi api, CloudSurroundings surroundings, RegistryClientSettings settings, TimeProvider time)
{
    private const string Variable = "GOOGLE_APPLICATION_CREDENTIALS";

    // What go-containerregistry asks for (https://github.com/google/go-containerregistry/blob/v0.20.6/pkg/v1/google/auth.go, GoogleCredentials).
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>User and token, or a service account's key as password. Throws <see cref="RegistryException"/>.</summary>
    public async Task<TimedCredential> AskAsync(GoogleLogin login, CancellationToken cancellationToken)
    {
        GoogleConfiguration configuration = GoogleConfiguration.Read(await ConfigurationOfAsync(login, cancellationToken));
        if (configuration.ServiceAccountKey.Length > 0)
        {
            // https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
            return new TimedCredential(new RegistryCredential("_json_key", configuration.ServiceAccountKey), time.GetUtcNow().AddHours(1));
        }

        string subject = await SubjectTokenAsync(login, configuration, cancellationToken);
        (string token, DateTimeOffset end) = await ExchangeAsync(configuration, subject, cancellationToken);
        if (configuration.ImpersonationUrl is { } impersonation)
        {
            (token, end) = await ImpersonateAsync(impersonation, configuration.LifetimeSeconds, token, cancellationToken);
        }

        return new TimedCredential(new RegistryCredential("oauth2accesstoken", token), end);
    }

    private async Task<string> ConfigurationOfAsync(GoogleLogin login, CancellationToken cancellationToken)
    {
        if (login.Credentials.Length > 0)
        {
            return login.Credentials;
        }

        string path = surroundings.Value(Variable);
        return path.Length > 0
            ? await surroundings.FileAsync(path, Variable, cancellationToken)
            : throw Unusable($"there is no credential configuration of Google: neither GoogleCredentials nor {Variable} is set");
    }

    private async Task<string> SubjectTokenAsync(GoogleLogin login, GoogleConfiguration configuration, CancellationToken cancellationToken)
    {
        GoogleSource source = configuration.Source;
        string audience = login.Audience.Length > 0 ? login.Audience : source.AzureAudience;
        if (audience.Length > 0)
        {
            AzureIdentity identity = login.Identity.ClientId.Length > 0 ? login.Identity : login.Identity with { ClientId = source.AzureClientId };
            return await surroundings.AzureTokenAsync(identity, audience, cancellationToken);
        }

        if (source.File.Length == 0)
        {
            throw Unusable("the credential_source of Google's configuration is neither a file nor an identity of Azure, and Audience is not set");
        }

        string text = (await surroundings.FileAsync(source.File, "credential_source.file", cancellationToken)).Trim();
        return source.Field.Length == 0 ? text : MemberOf(Encoding.UTF8.GetBytes(text), source.Field) is { Length: > 0 } token ? token
            : throw Unusable("the file of credential_source has no such member as its format says");
    }

    // https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token, as a form (https://www.rfc-editor.org/rfc/rfc8693#section-2.1).
    private async Task<(string Token, DateTimeOffset End)> ExchangeAsync(
        GoogleConfiguration configuration, string subject, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenUrl)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                new("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                new("audience", configuration.Audience),
                new("scope", Scope),
                new("subject_token_type", configuration.SubjectTokenType),
                new("subject_token", subject),
            ]),
        };
        byte[] answer = await SendAsync("the token exchange of Google", request, cancellationToken);
        string token = MemberOf(answer, "access_token") ?? "";
        long seconds = Math.Clamp(WholeOf(answer, "expires_in") ?? 0, 60, 43_200);
        return (Checked(token, "the token exchange of Google"), time.GetUtcNow().AddSeconds(seconds));
    }

    // https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
    private async Task<(string Token, DateTimeOffset End)> ImpersonateAsync(
        Uri address, long lifetimeSeconds, string token, CancellationToken cancellationToken)
    {
        const string What = "the token of Google's service account";
        string lifetime = string.Create(CultureInfo.InvariantCulture, $"{lifetimeSeconds}s");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(JsonSerializer.Serialize(new { scope = new[] { Scope }, lifetime }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        byte[] answer = await SendAsync(What, request, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        bool hasEnd = DateTimeOffset.TryParse(
            MemberOf(answer, "expireTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end);
        return (Checked(MemberOf(answer, "accessToken") ?? "", What), hasEnd ? end : now.AddMinutes(10));
    }

    private async Task<byte[]> SendAsync(string what, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CloudAnswer answer = await api.SendAsync(what, new CloudEndpoint(request.RequestUri!, AddressRule.Public), request, cancellationToken);
        return answer.IsSuccess ? answer.Body : throw Unusable($"{what}: {(int)answer.Status}{ReasonIn(answer.Body)}");
    }

    // {"error":"invalid_grant",…} of the one, {"error":{"status":"PERMISSION_DENIED",…}} of the other; their longer texts may repeat what was sent.
    private string ReasonIn(byte[] body)
    {
        using JsonDocument? document = Parsed(body);
        JsonElement error = document?.RootElement.Member("error") ?? default;
        string code = error.Text() ?? error.Member("status").Text() ?? "";
        return code.Length is > 0 and <= 60 && code.All(c => char.IsAsciiLetter(c) || c == '_') ? $" {code}" : "";
    }

    private string? MemberOf(byte[] body, string name)
    {
        using JsonDocument? document = Parsed(body);
        return document?.RootElement.Member(name).Text();
    }

    private long? WholeOf(byte[] body, string name)
    {
        using JsonDocument? document = Parsed(body);
        return document?.RootElement.Member(name).Whole();
    }

    private JsonDocument? Parsed(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = settings.Limits.JsonDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Checked(string token, string what) =>
        token.Length > 0 && token.All(c => c is > ' ' and < '\x7f') ? token : throw Unusable($"{what}: it answered without a token");

    private static RegistryException Unusable(string reason) => new(reason) { Failure = RegistryFailure.AccountUnusable };
}
