using System.Net;

namespace ImageScan.Core.Images.Registries;

/// <summary>The registries of the settings, and the rules for all others.</summary>
internal sealed class RegistryDirectory
{
    private const int MaxMirrors = 10;

    private readonly bool _allowLoopback;
    private readonly Dictionary<string, RegistryEndpoint> _listed = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws <see cref="FormatException"/>, naming the setting, if a host, a mirror or a certificate cannot be one.</summary>
    public RegistryDirectory(IReadOnlyList<RegistrySettings> registries, bool allowLoopback)
    {
        _allowLoopback = allowLoopback;
        for (int i = 0; i < registries.Count; i++)
        {
            RegistrySettings settings = registries[i];
            if (settings is { Host: "", Username: "", Password: "" })
            {
                // An entry of the sample that was never filled in.
                continue;
            }

            string setting = $"Registries__{settings.NumberOr(i)}";
            string name = DockerHub.IsAlias(settings.Host) ? DockerHub.Name : settings.Host;
            Uri address = AddressOf(name, settings.Insecure)
                ?? throw new FormatException(
                    $"{setting}__Host is {HostileText.Quote(settings.Host)}; it must be a host with an optional port, as in image names.");
            AddressRule rule = settings.AllowPrivateAddress ? AddressRule.Any : AddressRule.Public;

            // The first entry of a host stands, so that its number is the one that errors name.
            _listed.TryAdd(name, new RegistryEndpoint(name, address, rule, settings, setting)
            {
                Trust = TrustOf(settings, setting),
                Mirrors = MirrorsOf(settings, setting),
            });
        }
    }

    /// <summary>How to reach the registry of a name. Throws <see cref="RegistryException"/> if it cannot be a host.</summary>
    public RegistryEndpoint EndpointOf(ImageReference reference) => reference.Registry.Length > 0
        ? EndpointOf(reference.Registry)
        : throw new RegistryException($"invalid arguments: no registry is indicated for image {HostileText.Quote(reference.FullName)}");

    /// <summary>How to reach a host as in image names. Throws <see cref="RegistryException"/> if it cannot be one.</summary>
    public RegistryEndpoint EndpointOf(string host)
    {
        if (_listed.TryGetValue(host, out RegistryEndpoint? listed))
        {
            return listed;
        }

        Uri address = AddressOf(host, insecure: false)
            ?? throw new RegistryException($"{HostileText.Quote(host)} cannot be the address of a registry.");

        // Registries on this machine speak plain http, as docker assumes for 127.0.0.0/8.
        return _allowLoopback && IsNamedAsLoopback(address)
            ? new RegistryEndpoint(host, AddressOf(host, insecure: true)!, AddressRule.Loopback, null, "Registries__N")
            : new RegistryEndpoint(host, address, AddressRule.Public, null, "Registries__N");
    }

    /// <summary>
    /// How to reach the registry of an account: which addresses it may have, and for a listed one also whether over plain http, is only for the
    /// settings to say. Throws <see cref="RegistryException"/> if its host cannot be one.
    /// </summary>
    public RegistryEndpoint EndpointOf(RegistryAccount account)
    {
        RegistryEndpoint usual = EndpointOf(account.Host);
        bool isPlainHttp = account.IsPlainHttp && usual.Listed is null;
        return usual with { Account = account, Address = isPlainHttp ? AddressOf(account.Host, insecure: true)! : usual.Address };
    }

    /// <summary>
    /// The rule for an address that is asked for on behalf of a registry: its own rule for its own host and port, any address for another
    /// listed registry if it is listed itself, and only public addresses for the rest (redirects, token servers).
    /// </summary>
    public AddressRule RuleFor(Uri uri, RegistryEndpoint registry)
    {
        if (RegistryEndpoint.SameHostAndPort(uri, registry.Address))
        {
            return registry.Rule;
        }

        RegistryEndpoint? other = registry.Listed is null
            ? null
            : _listed.Values.FirstOrDefault(listed => RegistryEndpoint.SameHostAndPort(uri, listed.Address));
        return other?.Rule ?? AddressRule.Public;
    }

    private static RegistryTrust TrustOf(RegistrySettings settings, string name)
    {
        string authorities = Lines(settings.CertificateAuthority);
        if (authorities.Length > 0)
        {
            Checked($"{name}__CertificateAuthority", () => RegistryTrust.ReadAuthorities(authorities));
        }

        bool hasClient = settings.ClientCertificate.Length > 0 || settings.ClientKey.Length > 0;
        return new RegistryTrust(settings.SkipTlsVerification, authorities)
        {
            Client = hasClient
                ? Checked(
                    $"{name}__ClientCertificate with {name}__ClientKey",
                    () => ClientCertificate.Read(Lines(settings.ClientCertificate), Lines(settings.ClientKey)))
                : null,
        };
    }

    private static T Checked<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException unreadable)
        {
            throw new FormatException($"{name} cannot be used: {unreadable.Message}.");
        }
    }

    // Where settings have one line only, people write \n for its end.
    private static string Lines(string pem) => pem.Replace("\\n", "\n", StringComparison.Ordinal);

    private static string[] MirrorsOf(RegistrySettings settings, string name)
    {
        string[] mirrors = settings.Mirrors.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? wrong = mirrors.FirstOrDefault(mirror => !ImageReference.IsMirror(mirror));
        return wrong is not null
            ? throw new FormatException(
                $"{name}__Mirrors holds {HostileText.Quote(wrong)}; each must be a host with an optional port and an optional prefix of repositories,"
                + " host[/prefix].")
            : mirrors.Length <= MaxMirrors ? mirrors
            : throw new FormatException($"{name}__Mirrors holds {mirrors.Length} mirrors; it may hold {MaxMirrors}.");
    }

    private static Uri? AddressOf(string name, bool insecure)
    {
        // Docker Hub's API does not live under the name that images carry.
        string host = string.Equals(name, DockerHub.Name, StringComparison.OrdinalIgnoreCase) ? DockerHub.ApiHost : name;
        return host.Length is > 0 and <= 255
            && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '-' or '[' or ']')
            && Uri.TryCreate($"{(insecure ? "http" : "https")}://{host}/", UriKind.Absolute, out Uri? address)
            && address is { AbsolutePath: "/", UserInfo: "" }
                ? address
                : null;
    }

    private static bool IsNamedAsLoopback(Uri address) =>
        string.Equals(address.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost, out IPAddress? literal) && AddressRanges.IsLoopback(literal));
}
