using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries.Logins;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Integrations;

/// <summary>Which registry an endpoint means.</summary>
/// <param name="Name">Host and port as in image names: <c>docker.io</c>.</param>
/// <param name="IsPlainHttp">Whether the endpoint asks for plain http: <c>http://</c> before it, as in StackRox.</param>
internal sealed record IntegrationHost(string Name, bool IsPlainHttp)
{
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>The registry of an integration; null if it has none, or its endpoint is none.</summary>
    public static IntegrationHost? Of(ImageIntegration integration) => integration.Config switch
    {
        DockerConfig docker => Of(docker.Endpoint),
        QuayConfig quay => Of(quay.Endpoint),
        GoogleConfig google => Of(google.Endpoint),
        IbmConfig ibm => Of(ibm.Endpoint),
        AzureConfig azure => Of(azure.Endpoint),
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html; the endpoint in it is that of ECR's own API.
        // Some regions, as those of China, are in a domain of their own, which StackRox does not know.
        EcrConfig ecr => Of(EcrHost.NameOf(ecr.RegistryId, ecr.Region)),
        _ => null,
    };

    /// <summary>The host of an endpoint, which may begin with a scheme and end with a slash; null if it is anything else.</summary>
    public static IntegrationHost? Of(string endpoint)
    {
        bool isPlainHttp = endpoint.StartsWith(Http, StringComparison.OrdinalIgnoreCase);
        string host = WithoutScheme(endpoint);
        host = host.EndsWith('/') ? host[..^1] : host;

        // docker.io counts wherever StackRox looks for it (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/docker/docker.go).
        string name = DockerHub.IsAlias(host) ? DockerHub.Name : host;
        return IsHost(host) ? new IntegrationHost(name, isPlainHttp) : null;
    }

    /// <summary>
    /// What is wrong with an endpoint, in StackRox's words; null if nothing is
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/endpoints/validate.go).
    /// </summary>
    public static string? ReasonAgainst(string endpoint)
    {
        if (endpoint.Length == 0)
        {
            return null;
        }

        if (!Uri.TryCreate($"{Http}{WithoutScheme(endpoint)}", UriKind.Absolute, out Uri? uri) || uri.UserInfo.Length > 0)
        {
            return "it must be a host with an optional port";
        }

        return uri.Host.ToLowerInvariant() switch
        {
            "127.0.0.1" or "localhost" => "endpoint cannot reference localhost",
            "169.254.169.254" or "metadata.google.internal" => "endpoint cannot reference the cluster metadata service",
            _ => null,
        };
    }

    private static string WithoutScheme(string endpoint) =>
        endpoint.StartsWith(Http, StringComparison.OrdinalIgnoreCase) ? endpoint[Http.Length..]
        : endpoint.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? endpoint[Https.Length..]
        : endpoint;

    private static bool IsHost(string host) =>
        host.Length is > 0 and <= 255
        && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '-' or '[' or ']')
        && Uri.TryCreate($"{Https}{host}/", UriKind.Absolute, out Uri? address)
        && address is { AbsolutePath: "/", UserInfo: "" };
}
