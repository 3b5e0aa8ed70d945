using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Passwords for registries of Amazon ECR, good for twelve hours
/// (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html).
/// </summary>
internal sealed class EcrTokens(AwsApi aws, AwsCredentials credentials, RegistryClientSettings settings)
{
    // https://github.com/boto/botocore/blob/1.40.0/botocore/data/ecr/2015-09-21/service-2.json (targetPrefix, jsonVersion)
    private const string Target = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken";
    private const string ContentType = "application/x-amz-json-1.1";

    /// <summary>User and password. Throws <see cref="RegistryException"/>.</summary>
    public async Task<TimedCredential> AskAsync(AwsLogin login, RegistryEndpoint registry, CancellationToken cancellationToken)
    {
        EcrPlace place = EcrPlace.Of(login, registry);
        AwsKeys keys = await credentials.KeysAsync(login, place, cancellationToken);
        string body = place.Account.Length > 0 ? JsonSerializer.Serialize(new { registryIds = new[] { place.Account } }) : "{}";
        string what = $"ecr:GetAuthorizationToken at {RegistryNetwork.WithoutQuery(place.Api.Address)}";
        byte[] answer = await aws.SendAsync(new AwsCall(what, place.Api, place.Region, "ecr", ContentType, Target, body), keys, cancellationToken);
        return Read(answer) ?? throw new RegistryException($"{what}: it answered without a token") { Failure = RegistryFailure.AccountUnusable };
    }

    // {"authorizationData":[{"authorizationToken":"base64 of user:password","expiresAt":1.448878779E9,"proxyEndpoint":"…"}]}
    private TimedCredential? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = settings.Limits.JsonDepth });
            JsonElement first = document.RootElement.Member("authorizationData").Items().FirstOrDefault();
            string token = Encoding.UTF8.GetString(Convert.FromBase64String(first.Member("authorizationToken").Text() ?? ""));
            JsonElement end = first.Member("expiresAt");
            return token.Split(':', 2) is [{ Length: > 0 } user, { Length: > 0 } password]
                && end.ValueKind == JsonValueKind.Number && end.TryGetDouble(out double seconds) && seconds is > 0 and < 253_402_300_799
                    ? new TimedCredential(new RegistryCredential(user, password), DateTimeOffset.UnixEpoch.AddSeconds(seconds))
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>Where the APIs of AWS for a registry are.</summary>
/// <param name="Account">Whose registry it is; "" for that of whoever asks.</param>
/// <param name="Region">The region.</param>
/// <param name="Api">ECR's own API.</param>
/// <param name="Sts">The Security Token Service.</param>
internal sealed record EcrPlace(string Account, string Region, CloudEndpoint Api, CloudEndpoint Sts)
{
    /// <summary>Throws <see cref="RegistryException"/> if neither the host nor the settings say where that is.</summary>
    public static EcrPlace Of(AwsLogin login, RegistryEndpoint registry)
    {
        EcrHost host = EcrHost.Parse(registry.Name) ?? (EcrHost.IsRegion(login.Region)
            ? EcrHost.InRegion(login.Region)
            : throw Unusable(
                $"{HostileText.Plain(registry.Name)} is no host of Amazon ECR: set {registry.SettingsName}__Region to its region, such as eu-west-1"));
        bool isOfSettings = registry.Account?.Login is null;
        return new EcrPlace(
            host.Account,
            host.Region,
            EndpointOf(login.EcrEndpoint, host.Api, "EcrEndpoint"),
            EndpointOf(login.StsEndpoint, host.Sts, "StsEndpoint"));

        CloudEndpoint EndpointOf(string given, string usual, string name) => given.Length == 0
            ? new CloudEndpoint(new Uri($"https://{usual}/"), AddressRule.Public)
            : (isOfSettings ? CloudEndpoint.OfSettings(given) : CloudEndpoint.OfOthers(given))
                ?? throw Unusable(isOfSettings
                    ? $"{registry.SettingsName}__{name} is {HostileText.Quote(given)}, which is no https address"
                    : $"the endpoint {HostileText.Quote(given)} is no https address");
    }

    private static RegistryException Unusable(string reason) => new(reason)
    {
        Failure = RegistryFailure.AccountUnusable,
    };
}
