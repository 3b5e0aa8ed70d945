namespace ImageScan.Core.Images.Registries;

/// <summary>Which addresses a host may have.</summary>
public enum AddressRule
{
    /// <summary>Public addresses only: the rule for every host that a caller or a registry names.</summary>
    Public,

    /// <summary>Loopback addresses only: a registry that the caller named as being on this machine.</summary>
    Loopback,

    /// <summary>Any: a registry that the operator listed.</summary>
    Any,
}
