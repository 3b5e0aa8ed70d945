namespace ImageScan.Core.Inventory;

/// <summary>The operating system that an image says it is (https://www.freedesktop.org/software/systemd/man/os-release.html).</summary>
/// <param name="Id">os-release ID, lower case: <c>debian</c>, <c>alpine</c>.</param>
/// <param name="VersionId">os-release VERSION_ID as written: <c>11</c>, <c>3.9.2</c>; "" for rolling releases.</param>
/// <param name="Name">PRETTY_NAME, for people; "" if there is none.</param>
/// <param name="Codename">VERSION_CODENAME; "" if there is none.</param>
public sealed record Distribution(string Id, string VersionId, string Name = "", string Codename = "")
{
    // Theirs is the date of a build or of an installer, if they have any, and no release
    // (https://edu.chainguard.dev/chainguard/chainguard-images/staying-secure/working-with-scanners/,
    // https://gitlab.archlinux.org/archlinux/archlinux-docker, https://en.opensuse.org/Portal:Tumbleweed,
    // https://www.kali.org/docs/general-use/kali-branches/).
    private static readonly HashSet<string> Rolling =
    [
        "arch", "archarm", "artix", "chainguard", "clear-linux-os", "endeavouros", "gentoo", "kali", "manjaro", "minimos",
        "opensuse-slowroll", "opensuse-tumbleweed", "void", "wolfi",
    ];

    /// <summary>A distribution as a file of the image names it: in lower case, and without a version if it has no releases.</summary>
    public static Distribution Named(string id, string versionId, string name = "", string codename = "")
    {
        string known = id.ToLowerInvariant();
        return new Distribution(known, Rolling.Contains(known) ? "" : versionId, name, codename);
    }
}
