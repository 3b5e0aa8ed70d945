namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>A credential that is good until then.</summary>
internal sealed record TimedCredential(RegistryCredential Credential, DateTimeOffset Expires);
