namespace ImageScan.Core.Images.Registries;

/// <summary>How much a registry still lets us ask, as it has said last.</summary>
/// <param name="Registry">Host and port as in image names.</param>
/// <param name="Limit">How much it allows in the window.</param>
/// <param name="Remaining">How much of that is left.</param>
/// <param name="Window">The time over which it counts; zero if it did not say.</param>
/// <param name="Source">For whom it counts, an address or an account; "" if it did not say.</param>
/// <param name="SeenAt">When it said so.</param>
public sealed record RegistryRateLimit(string Registry, long Limit, long Remaining, TimeSpan Window, string Source, DateTimeOffset SeenAt);
