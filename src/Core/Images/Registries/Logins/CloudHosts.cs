using System.Net;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Which hosts are a cloud's own. Who makes an integration over the API names a host, and this app's identity may go there only if it is one of these.
/// </summary>
internal static class CloudHosts
{
    // https://github.com/kubernetes-sigs/cloud-provider-azure/blob/v1.34.0/pkg/credentialprovider/azure_credentials.go (containerRegistryUrls).
    private static readonly string[] AzureEnds = [".azurecr.io", ".azurecr.cn", ".azurecr.us", ".azurecr.de"];

    // https://github.com/google/go-containerregistry/blob/v0.20.6/pkg/v1/google/keychain.go (Resolve); no registry is below google.com.
    private static readonly string[] GoogleEnds = [".gcr.io", ".pkg.dev"];

    /// <summary>Whether a host as in image names is a registry of Azure.</summary>
    public static bool IsAzure(string host) => EndsWithOneOf(host, AzureEnds);

    /// <summary>Whether it is one of Google Cloud.</summary>
    public static bool IsGoogle(string host) => host.Equals("gcr.io", StringComparison.OrdinalIgnoreCase) || EndsWithOneOf(host, GoogleEnds);

    /// <summary>Whether it is a registry of the cloud that a login is for.</summary>
    public static bool Has(CloudLogin login, string host) => login switch
    {
        AzureLogin => IsAzure(host),
        AwsLogin => EcrHost.Parse(host) is not null,
        _ => IsGoogle(host),
    };

    /// <summary>Whether an address is named as one of this very machine.</summary>
    public static bool IsThisMachine(Uri address) =>
        string.Equals(address.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out IPAddress? literal) && AddressRanges.IsLoopback(literal));

    // A port is no part of any of them, so "x.azurecr.io:8080" ends otherwise.
    private static bool EndsWithOneOf(string host, string[] ends) =>
        Array.Exists(ends, end => host.Length > end.Length && host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
