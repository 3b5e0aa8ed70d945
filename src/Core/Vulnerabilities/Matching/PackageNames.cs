namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Under which names of its packages a distribution files its advisories.</summary>
[Flags]
internal enum PackageNames
{
    None = 0,

    /// <summary>That of the source a package is built from.</summary>
    Source = 1,

    /// <summary>Its own.</summary>
    Own = 2,
    Both = Source | Own,
}
