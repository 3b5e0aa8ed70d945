using System.Text.Json;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// A credential configuration of Google Cloud: a service account's key, or how an identity from elsewhere is exchanged for a token
/// (https://google.aip.dev/auth/4117).
/// </summary>
/// <param name="ServiceAccountKey">The key as it is; "" for a configuration of the other kind.</param>
/// <param name="Audience">The provider that the identity is exchanged at.</param>
/// <param name="SubjectTokenType">What kind of token the identity's is.</param>
/// <param name="TokenUrl">Where it is exchanged.</param>
/// <param name="ImpersonationUrl">Where the token of a service account is got with that; null to use it itself.</param>
/// <param name="LifetimeSeconds">How long that token is to live.</param>
/// <param name="Source">Where the identity's token is.</param>
internal sealed record GoogleConfiguration(
    string ServiceAccountKey,
    string Audience,
    string SubjectTokenType,
    Uri? TokenUrl,
    Uri? ImpersonationUrl,
    long LifetimeSeconds,
    GoogleSource Source)
{
    private const int MaxCharacters = 64 * 1024;
    private const int MaxDepth = 16;

    // "If not provided, this defaults to one hour", of ten minutes to twelve hours (AIP-4117).
    private const long DefaultLifetime = 3_600;

    // The address at which a machine of Azure is asked for tokens
    // (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http).
    private const string AzureMetadata = "http://169.254.169.254/metadata/identity/oauth2/token";

    /// <summary>Reads one. Throws <see cref="RegistryException"/> (AccountUnusable) with what is wrong, and nothing of its secrets.</summary>
    public static GoogleConfiguration Read(string json)
    {
        if (json.Length > MaxCharacters)
        {
            throw Wrong($"it has more than {MaxCharacters} characters");
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            string type = TextOf(document.RootElement, "type");
            return type switch
            {
                "service_account" => new GoogleConfiguration(json.Trim(), "", "", null, null, DefaultLifetime, new GoogleSource("", "", "", "")),
                "external_account" => Federated(document.RootElement),
                _ => throw Wrong($"its type is {HostileText.Quote(type)}, which is neither external_account nor service_account"),
            };
        }
        catch (JsonException)
        {
            throw Wrong("it is no JSON");
        }
    }

    // A record would print its members into any log line that mentions it.
    public override string ToString() => "GoogleConfiguration";

    private static GoogleConfiguration Federated(JsonElement root)
    {
        JsonElement source = root.Member("credential_source");
        string impersonation = TextOf(root, "service_account_impersonation_url");
        long lifetime = root.Member("service_account_impersonation").Member("token_lifetime_seconds").Whole() ?? DefaultLifetime;
        return new GoogleConfiguration(
            "",
            TextOf(root, "audience"),
            TextOf(root, "subject_token_type"),
            GoogleAddress(TextOf(root, "token_url"), "token_url"),
            impersonation.Length > 0 ? GoogleAddress(impersonation, "service_account_impersonation_url") : null,
            Math.Clamp(lifetime, 600, 43_200),
            SourceOf(source));
    }

    // A file comes before an address (AIP-4117). An address is not asked: that of Azure's metadata only says what the identity's token is for.
    private static GoogleSource SourceOf(JsonElement source)
    {
        JsonElement format = source.Member("format");
        string field = TextOf(format, "type") == "json" ? TextOf(format, "subject_token_field_name") : "";
        if (TextOf(source, "file") is { Length: > 0 } file)
        {
            return new GoogleSource(file, field, "", "");
        }

        string url = TextOf(source, "url");
        bool isAzure = Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
            && address.UserInfo.Length == 0
            && address.GetLeftPart(UriPartial.Path) == AzureMetadata;
        return isAzure ? new GoogleSource("", "", QueryOf(address!, "resource"), QueryOf(address!, "client_id")) : new GoogleSource("", "", "", "");
    }

    private static string QueryOf(Uri address, string name) => address.Query.TrimStart('?').Split('&')
        .Select(parameter => parameter.Split('=', 2))
        .Where(parts => parts.Length == 2 && parts[0] == name)
        .Select(parts => Uri.UnescapeDataString(parts[1]))
        .FirstOrDefault("");

    // No address found in data is asked but one of Google's own.
    private static Uri GoogleAddress(string text, string member) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri is { Scheme: "https", UserInfo: "", IsDefaultPort: true }
            && uri.IdnHost.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase)
                ? uri
                : throw Wrong($"its {member} is no https address of googleapis.com");

    private static string TextOf(JsonElement element, string name) => element.Member(name).Text() ?? "";

    private static RegistryException Wrong(string reason) => new($"the credential configuration of Google cannot be used: {reason}")
    {
        Failure = RegistryFailure.AccountUnusable,
    };
}

/// <summary>Where the token of an identity from elsewhere is.</summary>
/// <param name="File">A file; "" for none.</param>
/// <param name="Field">The member of its JSON; "" for a file that is the token.</param>
/// <param name="AzureAudience">What the token of an identity of Azure is for; "" for none.</param>
/// <param name="AzureClientId">Which identity of Azure; "" for what the environment has.</param>
internal sealed record GoogleSource(string File, string Field, string AzureAudience, string AzureClientId);
