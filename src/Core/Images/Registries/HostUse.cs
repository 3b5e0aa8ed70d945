namespace ImageScan.Core.Images.Registries;

/// <summary>How long a request is going to keep its place at a host.</summary>
internal enum HostUse
{
    /// <summary>A moment: a HEAD, a manifest, a configuration, a token.</summary>
    Document,

    /// <summary>As long as a layer takes to read.</summary>
    Layer,

    /// <summary>The rest of a layer that broke off.</summary>
    RestOfLayer,
}
