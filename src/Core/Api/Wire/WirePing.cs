namespace ImageScan.Core.Api.Wire;

/// <summary><c>v1.PongMessage</c>.</summary>
public sealed record WirePing(string Status = "ok");

/// <summary><c>v1.Metadata</c>: what GET /v1/metadata answers. The version is "" for callers who did not say who they are.</summary>
public sealed record WireServerMetadata(
    string Version,
    string BuildFlavor = "release",
    bool ReleaseBuild = true,
    string LicenseStatus = "VALID");
