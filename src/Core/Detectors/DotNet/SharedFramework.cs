namespace ImageScan.Core.Detectors.DotNet;

/// <summary>
/// A framework that applications share: it lies in <c>…/shared/NAME/VERSION</c>, where its host looks for it
/// (https://learn.microsoft.com/dotnet/core/versions/selection).
/// </summary>
internal sealed class SharedFramework
{
    private readonly string _name;

    private SharedFramework(string name, string version)
    {
        _name = PackageName = name;
        Version = version;
    }

    /// <summary>
    /// What advisories call it. Since .NET Core 3 that is the runtime pack that <see cref="Takes"/> saw (Microsoft.NETCore.App.Runtime.linux-x64),
    /// as in https://github.com/advisories/GHSA-266m-wp2v-x7mq; before, the framework itself (Microsoft.NETCore.App).
    /// </summary>
    public string PackageName { get; private set; }

    /// <summary>The folder's, by which the host chooses. The manifest of a serviced build may have another (3.1.0-servicing.19575.1).</summary>
    public string Version { get; }

    /// <summary>The framework whose manifest lies at a path; null if it is another's.</summary>
    public static SharedFramework? At(string path) =>
        path.Split('/') is [.., "shared", { Length: > 0 } name, { Length: > 0 } version, var file] && file == name + ".deps.json"
            ? new SharedFramework(name, version)
            : null;

    /// <summary>Whether a library of its manifest is the framework itself, so that it is not to be counted on its own.</summary>
    public bool Takes(string library)
    {
        if (library.StartsWith(_name + ".Runtime.", StringComparison.OrdinalIgnoreCase))
        {
            PackageName = library;
            return true;
        }

        // .NET Core 1 and 2 have both: Microsoft.NETCore.App, runtime.linux-x64.Microsoft.NETCore.App.
        return library.Equals(_name, StringComparison.OrdinalIgnoreCase)
            || (library.StartsWith("runtime.", StringComparison.OrdinalIgnoreCase) && library.EndsWith("." + _name, StringComparison.OrdinalIgnoreCase));
    }
}
