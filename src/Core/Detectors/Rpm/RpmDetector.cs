using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads the packages of rpm's databases: SQLite, Berkeley DB and its own ndb; and of the list that distroless images of Azure Linux have
/// in their stead.
/// </summary>
public sealed class RpmDetector : IPackageDetector
{
    // The old place, the one of SUSE and newer Fedora (https://fedoraproject.org/wiki/Changes/RelocateRPMToUsr), and that of rpm-ostree and
    // bootc (https://coreos.github.io/rpm-ostree/). Mostly two of them are links to the third.
    internal static readonly string[] Folders = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];

    // Berkeley DB, ndb, SQLite.
    private static readonly string[] Names = ["Packages", "Packages.db", "rpmdb.sqlite"];

    private static readonly HashSet<string> Databases = [.. Folders.SelectMany(folder => Names.Select(name => folder + name))];

    public string Name { get; } = PackageType.Rpm.Name;

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [.. Databases, RpmManifest.Place];

    public bool Wants(string path) => Databases.Contains(path) || path == RpmManifest.Place;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Path == RpmManifest.Place)
        {
            RpmManifest.Read(content, findings);
            return;
        }

        using HeldBody body = HeldBody.Take(content, entry.Size, findings.Cancellation);
        ReadDatabase(body.Memory, entry.Path, findings);
    }

    private static void ReadDatabase(ReadOnlyMemory<byte> file, string path, FileFindings findings)
    {
        // rpm makes its database with the first package.
        if (file.IsEmpty)
        {
            return;
        }

        var reading = new DatabaseReading(file.Length, findings.Warn);
        var packages = new RpmPackages(path, file.Length, findings, reading);
        foreach (HeaderBlob blob in Headers(file, reading))
        {
            if (!reading.TryTakeHeader(blob.Bytes.Length))
            {
                return;
            }

            packages.Take(blob);
        }
    }

    internal static IEnumerable<HeaderBlob> Headers(ReadOnlyMemory<byte> file, DatabaseReading reading)
    {
        if (SqlitePackages.Is(file.Span))
        {
            return SqlitePackages.Headers(file, reading);
        }

        if (NdbPackages.Is(file.Span))
        {
            return NdbPackages.Headers(file, reading);
        }

        if (BerkeleyPackages.Is(file.Span))
        {
            return BerkeleyPackages.Headers(file, reading);
        }

        reading.Damaged("This is no database of rpm that is known (SQLite, Berkeley DB, ndb): no package of it was read.");
        return [];
    }
}
