namespace ImageScan.Local.Demo;

/// <summary>
/// The image that <c>imagescan demo</c> scans: made here, run by nobody, and said to be so in its name and labels. What is installed in
/// it is known to be vulnerable, so that an offline scan has something to find.
/// </summary>
public static class DemoImage
{
    public const string Repository = "demo/made-image";
    public const string Tag = "1.0";

    private const string OsRelease = """
        PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"
        NAME="Debian GNU/Linux"
        VERSION_ID="11"
        VERSION="11 (bullseye)"
        VERSION_CODENAME=bullseye
        ID=debian

        """;

    /// <summary>The same bytes at every call.</summary>
    public static MadeImage Build() =>
        new ImageBuilder()
            .AddLabel("org.opencontainers.image.title", "Made image of imagescan's demonstration")
            .AddLabel("org.opencontainers.image.description", "Made in memory to show a scan. Not a real image: nothing in it runs.")
            .AddLayer(
                "ADD made-debian-11-root / # buildkit",
                ("usr/lib/os-release", OsRelease),
                ("var/lib/dpkg/status", DpkgStatus()))
            .AddStep("CMD [\"bash\"]")
            .AddLayer(
                "RUN pip install requests==2.25.1 Jinja2==2.11.2 # buildkit",
                PythonPackage("requests", "2.25.1", "Apache 2.0"),
                PythonPackage("Jinja2", "2.11.2", "BSD-3-Clause"))
            .AddStep("WORKDIR /app")
            .AddLayer(
                "RUN npm install lodash@4.17.20 minimist@1.2.5 # buildkit",
                NpmPackage("lodash", "4.17.20"),
                NpmPackage("minimist", "1.2.5"))
            .Build();

    // Packages of Debian 11.5 with a security advisory since: DSA-5330-1 and DSA-5365-1 (curl), DSA-5343-1 (openssl), DSA-5266-1 (expat).
    private static string DpkgStatus() => string.Concat(
        DpkgPackage("base-files", "base-files", "11.1+deb11u5"),
        DpkgPackage("curl", "curl", "7.74.0-1.3+deb11u3"),
        DpkgPackage("libcurl4", "curl", "7.74.0-1.3+deb11u3"),
        DpkgPackage("libexpat1", "expat", "2.2.10-2+deb11u4"),
        DpkgPackage("libssl1.1", "openssl", "1.1.1n-0+deb11u3"));

    private static string DpkgPackage(string name, string source, string version) =>
        $"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\n"
        + (source == name ? "" : $"Source: {source}\n")
        + $"Version: {version}\nDescription: {name} of a made image\n\n";

    private static (string Path, string Text) PythonPackage(string name, string version, string license) =>
        ($"usr/local/lib/python3.9/site-packages/{name}-{version}.dist-info/METADATA",
         $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: {license}\n\n{name} of a made image\n");

    private static (string Path, string Text) NpmPackage(string name, string version) =>
        ($"app/node_modules/{name}/package.json",
         $$"""{"name":"{{name}}","version":"{{version}}","license":"MIT"}""" + "\n");
}
