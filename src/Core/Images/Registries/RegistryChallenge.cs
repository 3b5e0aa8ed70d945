using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// How a registry wants to be convinced (WWW-Authenticate; https://github.com/distribution/distribution/blob/main/docs/content/spec/auth/token.md).
/// </summary>
/// <param name="Scheme">What it asks for.</param>
/// <param name="Realm">The token server; null unless <paramref name="Scheme"/> is Bearer.</param>
/// <param name="Service">The name the registry has there; "" if it gives none.</param>
/// <param name="Scope">The scope it demands; "" if it gives none.</param>
internal sealed record RegistryChallenge(ChallengeScheme Scheme, Uri? Realm, string Service, string Scope)
{
    /// <summary>The challenge we can answer best, Bearer before Basic; null if there is none.</summary>
    public static RegistryChallenge? Read(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        RegistryChallenge? best = null;
        foreach (AuthenticationHeaderValue header in headers)
        {
            if (string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
            {
                best ??= new RegistryChallenge(ChallengeScheme.Basic, null, "", "");
            }
            else if (string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
            {
                Dictionary<string, string> parameters = Parameters(header.Parameter ?? "");
                if (Uri.TryCreate(parameters.GetValueOrDefault("realm"), UriKind.Absolute, out Uri? realm))
                {
                    return new RegistryChallenge(
                        ChallengeScheme.Bearer, realm, parameters.GetValueOrDefault("service", ""), parameters.GetValueOrDefault("scope", ""));
                }
            }
        }

        return best;
    }

    // auth-param = token "=" ( token / quoted-string ), separated by commas (RFC 9110, 11.2). Scopes hold commas, so quotes matter.
    private static Dictionary<string, string> Parameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        int at = 0;
        while (at < text.Length)
        {
            int equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                break;
            }

            string name = text[at..equals].Trim(' ', '\t', ',');
            at = equals + 1;
            var value = new System.Text.StringBuilder();
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
                    value.Append(text[at]);
                }

                at++;
            }
            else
            {
                for (; at < text.Length && text[at] != ','; at++)
                {
                    value.Append(text[at]);
                }
            }

            parameters.TryAdd(name, value.ToString().Trim());
        }

        return parameters;
    }
}

internal enum ChallengeScheme
{
    Basic,
    Bearer,
}
