namespace ImageScan.Core.Images;

/// <summary>
/// A reference to content: its type, digest and size in bytes
/// (https://github.com/opencontainers/image-spec/blob/main/descriptor.md).
/// </summary>
public sealed record Descriptor(string MediaType, Digest Digest, long Size);
