using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Packages and distributions made by hand, to be matched.</summary>
internal static class MadePackages
{
    public static readonly Distribution Debian11 = new("debian", "11");
    public static readonly Distribution AlmaLinux8 = new("almalinux", "8.9");
    public static readonly Distribution AmazonLinux2 = new("amzn", "2");
    public static readonly Distribution OracleLinux8 = new("ol", "8.9");
    public static readonly Distribution Ubuntu1804 = new("ubuntu", "18.04");
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

    public static Package Rpm(string name, string version, string? source = null, string? sourceVersion = null) => new()
    {
        Type = PackageType.Rpm,
        Name = name,
        Version = version,
        SourceName = source,
        SourceVersion = sourceVersion,
        Architecture = "x86_64",
        Path = "var/lib/rpm/rpmdb.sqlite",
    };

    public static Package Maven(string name, string version) => new() { Type = PackageType.Maven, Name = name, Version = version, Path = "app/x.jar" };

    public static Package Go(string name, string version) => new() { Type = PackageType.Go, Name = name, Version = version, Path = "app/server" };
}
