using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

/// <summary>Layers made by hand, for the merge.</summary>
internal static class MadeLayers
{
    public const string DpkgStatus = "var/lib/dpkg/status";
    public const string ApkInstalled = "lib/apk/db/installed";
    public const string UsrApkInstalled = "usr/lib/apk/db/installed";

    /// <summary>A layer of files and links; every one of them stands among the non-folders, as the archive would have it.</summary>
    public static LayerInventory Layer(params object[] entries)
    {
        FileInventory[] files = [.. entries.OfType<FileInventory>()];
        SymbolicLink[] links = [.. entries.OfType<SymbolicLink>()];
        return new LayerInventory
        {
            DetectorsVersion = "test:1",
            Files = files,
            Links = links,
            Whiteouts = [],
            OpaqueFolders = [],
            NonFolders = PathSet.Of([.. files.Select(file => file.Path), .. links.Select(link => link.Path), .. entries.OfType<string>()]),
            Warnings = [.. entries.OfType<InventoryWarning>()],
        };
    }

    public static LayerInventory Without(this LayerInventory layer, params string[] paths) => layer with { Whiteouts = paths };

    public static LayerInventory WithOpaque(this LayerInventory layer, params string[] folders) => layer with { OpaqueFolders = folders };

    public static LayerInventory WithFolders(this LayerInventory layer, params string[] folders) => layer with { Folders = PathSet.Of(folders) };

    /// <summary>A package database: <c>name=version</c> each.</summary>
    public static FileInventory Database(string path, PackageType type, params string[] packages) => new(path, type.Name)
    {
        Packages = [.. packages.Select(package => new Package { Type = type, Name = package.Split('=')[0], Version = package.Split('=')[1], Path = path })],
    };

    public static FileInventory Dpkg(params string[] packages) => Database(DpkgStatus, PackageType.Dpkg, packages);

    public static FileInventory Apk(string path, params string[] packages) => Database(path, PackageType.Apk, packages);

    public static FileInventory Npm(string folder, string package) => Database($"{folder}/package.json", PackageType.Npm, package);

    public static FileInventory Owned(string path, params string[] owned) => new(path, "list") { Owned = [new Ownership("owner", owned)] };

    public static FileInventory Names(string path, DistributionEvidence evidence, string id, string version) =>
        new(path, "release") { Distribution = new DistributionClaim(new Distribution(id, version), evidence) };

    /// <summary>What is installed, as <c>name=version@layer</c>.</summary>
    public static string[] Installed(params LayerInventory[] layers) =>
        [.. LayerMerge.Of(layers, TestContext.Current.CancellationToken).Packages
            .Select(installed => $"{installed.Package.Name}={installed.Package.Version}@{installed.Layer}")];
}
