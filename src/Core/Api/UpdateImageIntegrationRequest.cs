using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary><c>v1.UpdateImageIntegrationRequest</c>.</summary>
/// <param name="Config">The integration; the id of a path counts more than the one in it.</param>
/// <param name="UpdatePassword">Whether the secrets of the request count; if not, those that are kept, and the place must be the same.</param>
public sealed record UpdateImageIntegrationRequest(WireImageIntegration? Config, bool UpdatePassword);
