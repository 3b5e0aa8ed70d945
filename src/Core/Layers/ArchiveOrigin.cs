namespace ImageScan.Core.Layers;

/// <summary>Who wrote an archive; only our own may say things that tar does not know.</summary>
internal enum ArchiveOrigin
{
    /// <summary>Anybody.</summary>
    Registry,

    /// <summary><see cref="BundleWriter"/>.</summary>
    Bundle,
}
