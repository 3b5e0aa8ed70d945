using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Packages and distributions made by hand, to be matched.</summary>
internal static class MadePackages
{
    public static readonly Distribution Debian11 = new("debian", "11");
    public static readonly Distribution Alpine39 = new("alpine", "3.9.2");

    public static Package Npm(string name, string version) => new() { Type = PackageType.Npm, Name = name, Version = version, Path = "app/" + name };

    public static Package Python(string name, string version) => new() { Type = PackageType.Python, Name = name, Version = version, Path = "py/" + name };

    public static Package Deb(string name, string version, string? source = null, string? sourceVersion = null) => new()
    {
        Type = PackageType.Dpkg,
        Name = name,
        Version = version,
        SourceName = source,
        SourceVersion = sourceVersion,
        Path = "var/lib/dpkg/status",
    };

    public static Package Apk(string name, string version, string? origin = null) => new()
    {
        Type = PackageType.Apk,
        Name = name,
        Version = version,
        SourceName = origin,
        Path = "lib/apk/db/installed",
    };
}
