using ImageScan.Core.Api.Wire;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Api;

/// <summary>One component of an answer, but for its risk.</summary>
internal static class ComponentAnswer
{
    // Of the largest packages; /usr/bin of a whole distribution is shared by thousands.
    private const int MaxExecutables = 2000;
    private const int MaxDependencies = 200;

    /// <summary>The component in the wire form. Of its executables the first 2,000 by path are sent, with 200 dependencies each.</summary>
    public static WireComponent Of(Component component, Scan scan, IReadOnlyList<int> layerIndexes, ApiSettings settings)
    {
        InstalledPackage installed = component.Installed;
        return new WireComponent
        {
            Name = component.Name,
            Version = component.Version,
            License = settings.FillLicense ? LicenseOf(installed.Package) : null,
            Vulns = [.. component.Findings.Select(finding => VulnerabilityAnswer.Of(finding, scan, settings.Level))],
            LayerIndex = installed.Layer < layerIndexes.Count ? layerIndexes[installed.Layer] : null,
            Source = SourceOf(installed.Package.Type),
            Location = LocationOf(installed.Package),
            TopCvss = component.TopCvss,
            FixedBy = component.HighestFix(),
            Executables = settings.FillExecutables ? [.. installed.Executables.Take(MaxExecutables).Select(ExecutableOf)] : [],
            Architecture = installed.Package.Architecture ?? "",
        };
    }

    /// <summary>
    /// Whose a package is, in the values that StackRox has
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/scanners/scannerv4/convert.go, ParsePackageDB). Packages of NuGet are .NET's, of
    /// which it has only the runtime. For the other ecosystems it has no value, and takes what it does not know for the operating system's;
    /// here they are "infrastructure", which no image has otherwise: none of them is mended by the system's package manager.
    /// </summary>
    public static ComponentSource SourceOf(PackageType type) => type.LocationPrefix switch
    {
        "" => ComponentSource.Os,
        "go" => ComponentSource.Go,
        "maven" => ComponentSource.Java,
        "nodejs" => ComponentSource.Nodejs,
        "python" => ComponentSource.Python,
        "ruby" => ComponentSource.Ruby,
        "dotnet" => ComponentSource.Dotnetcoreruntime,
        _ => ComponentSource.Infrastructure,
    };

    /// <summary>
    /// Where a package lies, without the prefix that StackRox takes off: <c>usr/local/bin/x</c>. An ecosystem without a source of its own
    /// keeps it: <c>cargo:usr/local/bin/x</c>.
    /// </summary>
    public static string LocationOf(Package package) =>
        SourceOf(package.Type) == ComponentSource.Infrastructure ? $"{package.Type.LocationPrefix}:{package.Location}" : package.Location;

    // Nothing in StackRox 4.5 fills type; here it says whose words the name is in.
    private static WireLicense? LicenseOf(Package package) => License.Of(package.License) is not { } license ? null : new WireLicense
    {
        Name = license.Name,
        Type = license.Form == LicenseForm.Stated ? "stated" : "spdx",
        Url = license.Url,
    };

    // Paths begin with a slash, as those of processes do, which StackRox compares them with. What it calls dependencies are ids of
    // components; here they are the libraries as the file asks for them, of which an image may have none or several.
    private static WireExecutable ExecutableOf(PackageExecutable executable) =>
        new() { Path = $"/{executable.Path}", Dependencies = [.. executable.Needed.Take(MaxDependencies)] };
}
