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
}
