using System.Globalization;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads the list of packages that distroless images of Azure Linux (CBL-Mariner) have instead of rpm's database: a line a package, made by
/// <c>rpm -qa --qf "%{NAME}\t%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\t%{BUILDTIME}\t%{VENDOR}\t%{EPOCH}\t%{SIZE}\t%{ARCH}\t%{EPOCHNUM}\t%{SOURCERPM}\n"</c>
/// (https://github.com/microsoft/azurelinux/blob/2.0/toolkit/docs/how_it_works/5_misc.md). What a package does not state is <c>(none)</c>.
/// </summary>
internal static class RpmManifest
{
    public const string Place = "var/lib/rpmmanifest/container-manifest-2";

    private const int Fields = 10;

    public static void Read(Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        for (int number = 1; lines.TryRead(out ReadOnlySpan<byte> line); number++)
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (TextLines.TextOf(line).Split('\t') is not { Length: >= Fields } fields
                || Stated(fields[0]) is not { } name
                || Stated(fields[1]) is not { } version)
            {
                findings.Warn($"Line {number} does not describe a package.");
            }
            else if (!RpmVersion.IsKey(name))
            {
                findings.Add(PackageOf(name, version, fields));
            }
        }
    }

    private static Package PackageOf(string name, string versionAndRelease, string[] fields)
    {
        ulong epoch = ulong.TryParse(fields[8], NumberStyles.None, CultureInfo.InvariantCulture, out ulong stated) ? stated : 0;
        string version = RpmVersion.Of(epoch, versionAndRelease);
        (string? sourceName, string? sourceVersion) = RpmVersion.SourceOf(fields[9], epoch);
        return new Package
        {
            Type = PackageType.Rpm,
            Name = name,
            Version = version,
            SourceName = sourceName == name ? null : sourceName,
            SourceVersion = sourceVersion == version ? null : sourceVersion,
            Architecture = Stated(fields[7]),
            Vendor = Stated(fields[4]),
            Path = Place,
        };
    }

    private static string? Stated(string field) => field is "" or "(none)" ? null : field;
}
