namespace ImageScan.Core.Images;

/// <summary>One registry that the operator knows: <c>Registries__0__Host</c> and so on.</summary>
public sealed record RegistrySettings : SettingEntry
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

    /// <summary>What proves who we are. <see cref="RegistryLogin.Password"/> is user and password, all else is exchanged for one.</summary>
    public RegistryLogin Login { get; init; }

    /// <summary>The client id of the user-assigned identity of Azure; empty for the one that the environment has.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The tenant of that identity; empty for its own, whichever that is.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>
    /// What the identity's token is for. Azure: empty for Container Registry alone, <c>https://management.azure.com/</c> for a registry that wants that.
    /// Aws, Google: the audience that is trusted there; empty to log in without an identity of Azure.
    /// </summary>
    public string Audience { get; init; } = "";

    /// <summary>Aws: the region of a registry whose host does not name it.</summary>
    public string Region { get; init; } = "";

    /// <summary>Aws: the key; empty for an identity or what the environment has.</summary>
    public string AccessKeyId { get; init; } = "";

    /// <summary>Aws: its secret.</summary>
    public string SecretAccessKey { get; init; } = "";

    /// <summary>Aws: its session, if the key is a temporary one.</summary>
    public string SessionToken { get; init; } = "";

    /// <summary>Aws: the role to take; empty for none.</summary>
    public string RoleArn { get; init; } = "";

    /// <summary>Aws: what the role's owner wants to be told (sts:ExternalId); empty for nothing.</summary>
    public string ExternalId { get; init; } = "";

    /// <summary>Aws: where ECR's own API is; empty for where AWS has it.</summary>
    public string EcrEndpoint { get; init; } = "";

    /// <summary>Aws: where the Security Token Service is; empty for where AWS has it.</summary>
    public string StsEndpoint { get; init; } = "";

    /// <summary>Google: a credential configuration as JSON; empty for the file of GOOGLE_APPLICATION_CREDENTIALS.</summary>
    public string GoogleCredentials { get; init; } = "";

    /// <summary>Whether somebody logs in there, one way or another.</summary>
    internal bool HasLogin => Username.Length > 0 || Login != RegistryLogin.Password;

    // A record would print its members into any log line that mentions it.
    public override string ToString() => $"RegistrySettings {Host}";
}
