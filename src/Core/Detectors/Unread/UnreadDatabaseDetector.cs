using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Unread;

/// <summary>
/// Knows the package databases that no detector reads, and says so: an image with one of them must not look as if it had no packages.
/// </summary>
public sealed class UnreadDatabaseDetector : IPackageDetector
{
    private static readonly Dictionary<string, string> Databases = new(StringComparer.Ordinal)
    {
        // https://nix.dev/manual/nix/latest/store/, https://guix.gnu.org/manual/en/html_node/The-Store.html
        ["nix/var/nix/db/db.sqlite"] = "Nix",
        ["var/guix/db/db.sqlite"] = "Guix",

        // Void Linux: https://docs.voidlinux.org/xbps/index.html
        ["var/db/xbps/pkgdb-0.38.plist"] = "XBPS",

        // Clear Linux: the bundle that every system has (https://github.com/clearlinux/swupd-client).
        ["usr/share/clear/bundles/os-core"] = "swupd",

        // https://docs.flatpak.org/en/latest/under-the-hood.html, https://snapcraft.io/docs/data-locations
        ["var/lib/flatpak/repo/config"] = "Flatpak",
        ["var/lib/snapd/state.json"] = "snap",

        // https://docs.brew.sh/Homebrew-on-Linux
        ["home/linuxbrew/.linuxbrew/bin/brew"] = "Homebrew",
    };

    // Gentoo's database has a folder a package; this one every system has (https://wiki.gentoo.org/wiki//var/db/pkg).
    private const string PortageStart = "var/db/pkg/sys-apps/baselayout-";
    private const string PortageEnd = "/PF";

    // A project whose packages stay in zip archives, as Yarn 2 and later have it by default (https://yarnpkg.com/features/pnp).
    private const string PlugAndPlay = ".pnp.cjs";

    public string Name => "unread";

    public int Version => 3;

    public IReadOnlyList<string> FixedPaths { get; } = [.. Databases.Keys];

    public bool Wants(string path) => Databases.ContainsKey(path) || IsOfPortage(path) || IsOfYarn(path);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string installer = IsOfPortage(entry.Path) ? "Portage" : IsOfYarn(entry.Path) ? "Yarn Plug'n'Play" : Databases[entry.Path];
        findings.Warn($"The packages of {installer} are not read: what it has installed is missing.");
    }

    private static bool IsOfPortage(string path) =>
        path.StartsWith(PortageStart, StringComparison.Ordinal) && path.EndsWith(PortageEnd, StringComparison.Ordinal);

    // In an installed package it is a fixture.
    private static bool IsOfYarn(string path) => path.EndsWith(PlugAndPlay, StringComparison.Ordinal)
        && $"/{path}".EndsWith($"/{PlugAndPlay}", StringComparison.Ordinal) && !$"/{path}".Contains("/node_modules/", StringComparison.Ordinal);
}
