using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>
/// Reads which operating system an image is from os-release
/// (https://www.freedesktop.org/software/systemd/man/os-release.html).
/// </summary>
public sealed class OsReleaseDetector : IPackageDetector
{
    private const string Etc = "etc/os-release";
    private const string UsrLib = "usr/lib/os-release";

    public string Name => "os-release";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [Etc, UsrLib];

    public bool Wants(string path) => path is Etc or UsrLib;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string id = "", versionId = "", name = "", codename = "";
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int equals = line.IndexOf((byte)'=');
            if (equals <= 0)
            {
                continue;
            }

            string value = Unquoted(TextLines.TextOf(line[(equals + 1)..]));
            switch (TextLines.TextOf(line[..equals]))
            {
                // The page asks for lower case; a few images write it otherwise.
                case "ID": id = value.ToLowerInvariant(); break;
                case "VERSION_ID": versionId = value; break;
                case "PRETTY_NAME": name = value; break;
                case "VERSION_CODENAME": codename = value; break;
            }
        }

        if (id.Length > 0)
        {
            DistributionEvidence evidence = entry.Path == Etc ? DistributionEvidence.OsRelease : DistributionEvidence.VendorOsRelease;
            findings.Distribution = new DistributionClaim(new Distribution(id, versionId, name, codename), evidence);
        }
    }

    // Values are quoted as in a shell: '…' as it stands, "…" with a backslash before " $ ` and \, none with a backslash before anything.
    private static string Unquoted(string value)
    {
        if (value is ['\'', .., '\''])
        {
            return Bounded(value[1..^1]);
        }

        bool quoted = value is ['"', .., '"'] and { Length: > 1 };
        string inner = quoted ? value[1..^1] : value;
        var text = new StringBuilder(inner.Length);
        for (int i = 0; i < inner.Length; i++)
        {
            bool escapes = inner[i] == '\\' && i + 1 < inner.Length && (!quoted || inner[i + 1] is '"' or '$' or '`' or '\\');
            text.Append(inner[escapes ? ++i : i]);
        }

        return Bounded(text.ToString());
    }

    // A value that long names nothing that exists.
    private static string Bounded(string value) => value.Length <= 256 ? value : "";
}
