namespace ImageScan.Core.Results;

/// <summary>Which scans go to a cluster although their caller named none.</summary>
public sealed record DelegationConfig
{
    public DelegatedImages EnabledFor { get; init; }

    /// <summary>The cluster for images whose path names none; "" for none.</summary>
    public string DefaultClusterId { get; init; } = "";

    /// <summary>The first whose path begins an image's name counts.</summary>
    public IReadOnlyList<DelegatedRegistry> Registries { get; init; } = [];
}

/// <summary>Images that go to a cluster.</summary>
/// <param name="Path">What their full names begin with: a registry, and a path in it if wanted.</param>
/// <param name="ClusterId">The cluster; "" for the default one.</param>
public sealed record DelegatedRegistry(string Path, string ClusterId);

/// <summary>How many of the images go to clusters.</summary>
public enum DelegatedImages
{
    None,
    All,

    /// <summary>Those of the listed registries.</summary>
    Specific,
}
