namespace ImageScan.Core.Storage;

/// <summary>The containers of blobs, after <c>Storage__Prefix</c> in small letters.</summary>
public static class ContainerNames
{
    /// <summary>Snapshots of advisories and what a refresh keeps of the feeds.</summary>
    public const string Advisories = "advisories";

    /// <summary>What detectors read of layers, a blob a layer.</summary>
    public const string Layers = "layers";
}
