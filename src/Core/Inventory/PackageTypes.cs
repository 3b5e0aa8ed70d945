namespace ImageScan.Core.Inventory;

public static class PackageTypes
{
    /// <summary>
    /// Whether the packages belong to a programming language rather than to the operating system. Those are dropped where a package of the
    /// system owns their files, and the same name twice at two paths means two installations.
    /// </summary>
    public static bool IsLanguage(this PackageType type) => type is PackageType.Npm or PackageType.Python;
}
