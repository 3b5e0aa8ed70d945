using System.Text.Json.Serialization;

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

    /// <summary>The module stream that an rpm was built in, as its MODULARITYLABEL says: <c>nodejs:18:8090020240301:rhel9</c>; null if in none.</summary>
    public string? Module { get; init; }

    /// <summary>
    /// Who built it, as the package states it; null if it does not. Of dpkg's packages only who is known to be no distribution
    /// (<see cref="DebPublishers"/>): whom the others name looks after the package there, and is a person more often than not.
    /// </summary>
    public string? Vendor { get; init; }

    /// <summary>The licence as the package states it; null if it does not.</summary>
    public string? License { get; init; }

    /// <summary>The file that names this package, below the root: <c>var/lib/dpkg/status</c>, <c>app/node_modules/x/package.json</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Where in that file it is, if the file is an archive of others: <c>WEB-INF/lib/x.jar</c>; null if it is the file itself.</summary>
    public string? InnerPath { get; init; }

    /// <summary>The file and the place in it, as one path: <c>app.war/WEB-INF/lib/x.jar</c>.</summary>
    [JsonIgnore]
    public string Location => InnerPath is null ? Path : $"{Path}/{InnerPath}";
}
