namespace ImageScan.Core.Images;

/// <summary>One registry that the operator knows: <c>Registries__0__Host</c> and so on.</summary>
public sealed record RegistrySettings
{
    /// <summary>Host and, if not 443, port, as written in image names: <c>registry.example.com:5000</c>.</summary>
    public string Host { get; init; } = "";

    /// <summary>User name for Basic or the token exchange; empty for anonymous access.</summary>
    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Plain http instead of https.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether its addresses may be private, loopback or link-local. Listing a registry is such a permission; false takes it back.</summary>
    public bool AllowPrivateAddress { get; init; } = true;

    /// <summary>Certificates in PEM of authorities that are believed on its behalf beside those of the system.</summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>The certificate in PEM, and those of its authorities, that is shown to it if it asks for one.</summary>
    public string ClientCertificate { get; init; } = "";

    /// <summary>Its key in PEM, without a password.</summary>
    public string ClientKey { get; init; } = "";

    /// <summary>Whether it may show any certificate. Who stands in between then reads all that is sent, the password too.</summary>
    public bool SkipTlsVerification { get; init; }

    /// <summary>
    /// Who is asked before it, in this order: <c>host[/prefix]</c>, separated by commas. Each with the login of its own entry, if it has one, and never
    /// with that of this one.
    /// </summary>
    public string Mirrors { get; init; } = "";

    /// <summary>
    /// Whether only the registry itself may say what a tag points at (mirror-by-digest-only of
    /// https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md).
    /// </summary>
    public bool MirrorByDigestOnly { get; init; }

    // A record would print its members into any log line that mentions it.
    public override string ToString() => $"RegistrySettings {Host}";
}
