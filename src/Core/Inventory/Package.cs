namespace ImageScan.Core.Inventory;

/// <summary>A package as its own database describes it. Every text in it is hostile.</summary>
public sealed record Package
{
    public required PackageType Type { get; init; }

    /// <summary>The installed (binary) name; for Python as PEP 503 normalizes it.</summary>
    public required string Name { get; init; }

    /// <summary>The version as written, epoch included where there is one.</summary>
    public required string Version { get; init; }

    /// <summary>dpkg source package, apk origin: the name that advisories are filed under; null if it is the name itself.</summary>
    public string? SourceName { get; init; }

    /// <summary>The source's version where it differs from <see cref="Version"/>.</summary>
    public string? SourceVersion { get; init; }

    public string? Architecture { get; init; }

    /// <summary>The licence as the package states it; null if it does not.</summary>
    public string? License { get; init; }

    /// <summary>The file that names this package, below the root: <c>var/lib/dpkg/status</c>, <c>app/node_modules/x/package.json</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>The package managers whose databases are read.</summary>
public enum PackageType
{
    Dpkg,
    Apk,
    Rpm,
    Npm,
    Python,
}
