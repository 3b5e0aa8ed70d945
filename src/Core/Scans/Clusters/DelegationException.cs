namespace ImageScan.Core.Scans.Clusters;

/// <summary>A scan belongs to a cluster and cannot go there; the message is StackRox's.</summary>
public sealed class DelegationException(DelegationFailure failure, string message) : Exception(message)
{
    public DelegationFailure Failure { get; } = failure;
}

/// <summary>Why a scan cannot be delegated.</summary>
public enum DelegationFailure
{
    /// <summary>The caller names a cluster that there is not.</summary>
    ClusterUnknown,

    /// <summary>The configuration delegates the image and names no cluster for it.</summary>
    NoClusterNamed,

    /// <summary>The cluster has not been seen of late.</summary>
    NotConnected,

    /// <summary>The cluster's version cannot read our messages.</summary>
    NotSupported,
}
