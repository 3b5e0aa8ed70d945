using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// The keys of a login at AWS: its own, those that a role gives for an identity of Azure, or what the environment has, in the order of AWS's own
/// libraries (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html); and from there on to a role.
/// </summary>
internal sealed class AwsCredentials(AwsApi aws, CloudApi api, CloudSurroundings surroundings, RegistryClientSettings settings)
{
    // Where a container of ECS asks (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
    private const string ContainerHost = "http://169.254.170.2";

    // Pods of EKS ask one of these (same page); nobody else may be asked over plain http.
    private static readonly string[] ContainerHosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];

    /// <summary>The keys. Throws <see cref="RegistryException"/>.</summary>
    public async Task<AwsKeys> KeysAsync(AwsLogin login, EcrPlace place, CancellationToken cancellationToken)
    {
        if (login.Audience.Length > 0)
        {
            string token = await surroundings.AzureTokenAsync(login.Identity, login.Audience, cancellationToken);
            return login.RoleArn.Length > 0
                ? await ByTokenAsync(token, login.RoleArn, "imagescan", place, cancellationToken)
                : throw Unusable("an identity of Azure takes a role at AWS, and RoleArn is empty");
        }

        AwsKeys keys = login.Keys ?? (login.UsesEnvironment
            ? await OfEnvironmentAsync(place, cancellationToken)
            : throw Unusable("it has no key"));
        if (!CanBeHeaders(keys) || keys.SecretAccessKey.Length == 0)
        {
            throw Unusable("the key of AWS is not one: it has a character that no key has, or no secret");
        }

        return login.RoleArn.Length > 0 ? await ByRoleAsync(keys, login, place, cancellationToken) : keys;
    }

    /// <summary>Whether what is sent of keys fits into headers.</summary>
    public static bool CanBeHeaders(AwsKeys keys) => (keys.AccessKeyId + keys.SessionToken).All(c => c is > ' ' and < '\x7f');

    private async Task<AwsKeys> OfEnvironmentAsync(EcrPlace place, CancellationToken cancellationToken)
    {
        if (surroundings.Value("AWS_ACCESS_KEY_ID") is { Length: > 0 } id)
        {
            return new AwsKeys(id, surroundings.Value("AWS_SECRET_ACCESS_KEY"), surroundings.Value("AWS_SESSION_TOKEN"));
        }

        if (surroundings.Value("AWS_WEB_IDENTITY_TOKEN_FILE") is { Length: > 0 } file && surroundings.Value("AWS_ROLE_ARN") is { Length: > 0 } role)
        {
            string token = await surroundings.FileAsync(file, "AWS_WEB_IDENTITY_TOKEN_FILE", cancellationToken);
            string session = surroundings.Value("AWS_ROLE_SESSION_NAME") is { Length: > 0 } named ? named : "imagescan";
            return await ByTokenAsync(token.Trim(), role, session, place, cancellationToken);
        }

        string relative = surroundings.Value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        string address = relative.Length > 0 ? ContainerHost + relative : surroundings.Value("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        return address.Length > 0
            ? await OfContainerAsync(address, cancellationToken)
            : throw Unusable(
                "no key of AWS is set (AccessKeyId and SecretAccessKey), no identity that takes a role (RoleArn and Audience), and the environment has none");
    }

    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    private Task<AwsKeys> ByRoleAsync(AwsKeys keys, AwsLogin login, EcrPlace place, CancellationToken cancellationToken)
    {
        (string, string)[] external = login.ExternalId.Length > 0 ? [("ExternalId", login.ExternalId)] : [];
        return AssumeAsync("AssumeRole", login.RoleArn, [("RoleSessionName", "imagescan"), .. external], keys, place, cancellationToken);
    }

    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: the token is the proof, nothing is signed.
    private Task<AwsKeys> ByTokenAsync(string token, string role, string session, EcrPlace place, CancellationToken cancellationToken) =>
        AssumeAsync(
            "AssumeRoleWithWebIdentity",
            role,
            [("RoleSessionName", session), ("WebIdentityToken", token)],
            keys: null,
            place,
            cancellationToken);

    private async Task<AwsKeys> AssumeAsync(
        string action, string role, (string Name, string Value)[] more, AwsKeys? keys, EcrPlace place, CancellationToken cancellationToken)
    {
        // Whoever may read a scan reads its error, so which role that is stands in the log alone (AwsApi).
        string what = $"{action} at {RegistryNetwork.WithoutQuery(place.Sts.Address)}";
        IEnumerable<(string Name, string Value)> all = [("Action", action), ("Version", "2011-06-15"), ("RoleArn", role), .. more];
        string body = string.Join('&', all.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        byte[] answer = await aws.SendAsync(
            new AwsCall(what, place.Sts, RegionOf(place), "sts", "application/x-www-form-urlencoded; charset=utf-8", "", body), keys, cancellationToken);
        return StsAnswer.KeysIn(answer)?.Keys ?? throw Unusable($"{what}: it answered without keys");
    }

    // Signatures for the global endpoint are for this region, wherever they come from
    // (https://docs.aws.amazon.com/general/latest/gr/sts.html, https://github.com/boto/botocore/blob/1.40.0/botocore/data/endpoints.json, "aws-global").
    private static string RegionOf(EcrPlace place) =>
        string.Equals(place.Sts.Address.Host, "sts.amazonaws.com", StringComparison.OrdinalIgnoreCase) ? "us-east-1" : place.Region;

    private async Task<AwsKeys> OfContainerAsync(string address, CancellationToken cancellationToken)
    {
        const string What = "the credentials of this container";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (CloudHosts.IsThisMachine(uri) || ContainerHosts.Contains(uri.Host)))))
        {
            throw Unusable($"{What}: AWS_CONTAINER_CREDENTIALS_FULL_URI is none of ECS or EKS");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        string token = surroundings.Value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { Length: > 0 } file
            ? (await surroundings.FileAsync(file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", cancellationToken)).Trim()
            : surroundings.Value("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token.Length > 0 && !request.Headers.TryAddWithoutValidation("Authorization", token))
        {
            throw Unusable($"{What}: the token for them cannot be sent");
        }

        CloudAnswer answer = await api.SendAsync(What, new CloudEndpoint(uri, AddressRule.Any), request, cancellationToken);
        return ContainerKeysIn(answer) ?? throw Unusable($"{What}: {(int)answer.Status}, and no keys");
    }

    private AwsKeys? ContainerKeysIn(CloudAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body, new JsonDocumentOptions { MaxDepth = settings.Limits.JsonDepth });
            JsonElement root = document.RootElement;
            return root.Member("AccessKeyId").Text() is { Length: > 0 } id && root.Member("SecretAccessKey").Text() is { } secret
                ? new AwsKeys(id, secret, root.Member("Token").Text() ?? "")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RegistryException Unusable(string reason) => new(reason) { Failure = RegistryFailure.AccountUnusable };
}
