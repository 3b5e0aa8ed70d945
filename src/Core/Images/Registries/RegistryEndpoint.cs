using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Images.Registries;

/// <summary>Where a registry is reached and what is allowed there.</summary>
/// <param name="Name">Host and port as in image names: <c>docker.io</c>.</param>
/// <param name="Address">Its root: <c>https://registry-1.docker.io/</c>.</param>
/// <param name="Rule">Which addresses its host may have.</param>
/// <param name="Listed">The operator's settings for it; null if it is not listed.</param>
/// <param name="SettingsName">What its settings are called: <c>Registries__0</c>, or <c>Registries__N</c> if it is not listed.</param>
internal sealed record RegistryEndpoint(string Name, Uri Address, AddressRule Rule, RegistrySettings? Listed, string SettingsName)
{
    /// <summary>The account by which it is read; null for the settings alone.</summary>
    public RegistryAccount? Account { get; init; }

    /// <summary>Whether nobody logs in, whatever logins there are.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>
    /// What gets a credential from the registry's cloud; null for none. What somebody said over the API of how to reach a host must not carry away what
    /// the settings have for it.
    /// </summary>
    public CloudLogin? Login => (IsAnonymous, Account) switch
    {
        (true, _) => null,
        (_, { Login: { } own }) => own,
        (_, { Credential: not null } or { ReachesAsUsual: false }) => null,
        _ => Listed is null ? null : CloudLogin.Of(Listed),
    };

    /// <summary>Whose certificates are believed there by the settings, and what is shown.</summary>
    public RegistryTrust Trust { get; init; } = RegistryTrust.System;

    /// <summary>Who is asked before it by the settings, in their order, each <c>host[/prefix]</c>.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>What a token is kept under: one that was got by one account never serves another, nor an earlier state of the same.</summary>
    public string TokenKey => IsAnonymous ? $"{Name} anonymous" : Account is null ? Name : $"{Name} {Account.Id} {Account.Stamp}";

    /// <summary>
    /// Whose certificates are believed at an address that is asked on its behalf, and what is shown there. Who says over the API how the registry is
    /// reached gets nothing that the settings show.
    /// </summary>
    public RegistryTrust TrustAt(Uri uri)
    {
        RegistryTrust trust = Account is { ReachesAsUsual: false } own ? own.Trust : Trust;
        return Owns(uri) ? trust : trust with { SkipsVerification = false, Client = null };
    }

    /// <summary>Whether the address belongs to the registry itself: same scheme, host and port. Credentials go nowhere else.</summary>
    public bool Owns(Uri uri) => SameOrigin(Address, uri);

    public static bool SameOrigin(Uri left, Uri right) =>
        left.Scheme == right.Scheme && left.Port == right.Port && string.Equals(left.IdnHost, right.IdnHost, StringComparison.OrdinalIgnoreCase);

    public static bool SameHostAndPort(Uri left, Uri right) =>
        left.Port == right.Port && string.Equals(left.IdnHost, right.IdnHost, StringComparison.OrdinalIgnoreCase);
}
