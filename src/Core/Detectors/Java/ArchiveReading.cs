using System.Text;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Java;

/// <summary>Finds the packages of one file: of the archive that it is, of those in it, and so on.</summary>
/// <param name="path">The file.</param>
/// <param name="fileSize">Its bytes.</param>
/// <param name="findings">Takes the packages, and says what could not be read.</param>
/// <param name="limits">How much the file may ask for.</param>
internal sealed class ArchiveReading(string path, long fileSize, FileFindings findings, JavaArchiveLimits limits) : IDisposable
{
    private const string ManifestName = "META-INF/MANIFEST.MF";

    private readonly MemberReader _reader = new(fileSize, limits, findings.Cancellation);
    private int _passed;
    private int _wanted;

    /// <summary>Reads the file's archive, all of which is in memory. Keeps nothing of that.</summary>
    public void Read(ReadOnlyMemory<byte> archive) => Read(archive, innerPath: "", depth: 1);

    public void Dispose() => _reader.Dispose();

    private void Read(ReadOnlyMemory<byte> archive, string innerPath, int depth)
    {
        if (ZipDirectory.Find(archive) is not { } directory)
        {
            Warn(innerPath, "is no zip archive, or not all of one");
            return;
        }

        ArchiveMembers members = MembersOf(directory, innerPath);
        AddPackages(archive, directory, members, innerPath);
        foreach (ZipMember member in members.Archives)
        {
            ReadNested(directory, member, Join(innerPath, member.Path), depth + 1);
        }
    }

    private void ReadNested(ZipDirectory directory, in ZipMember member, string innerPath, int depth)
    {
        if (depth > limits.Depth)
        {
            Warn(innerPath, $"was not read: it lies in more than {limits.Depth} archives");
            return;
        }

        if (innerPath.Length > limits.PathCharacters)
        {
            Warn(innerPath, "was not read: its path is too long");
            return;
        }

        if (!_reader.TryHold(directory, member, out ReadOnlyMemory<byte> nested, out string reason))
        {
            Warn(innerPath, reason);
            return;
        }

        if (JavaArchiveNames.MayBe(innerPath, nested.Span))
        {
            Read(nested, innerPath, depth);
        }

        _reader.Release(member, nested);
    }

    private ArchiveMembers MembersOf(ZipDirectory directory, string innerPath)
    {
        var members = new ArchiveMembers(limits.PathCharacters);
        while (directory.TryNext(out ZipMember member))
        {
            if (++_passed > limits.Members || (members.Take(member) && ++_wanted > limits.WantedMembers))
            {
                Warn(
                    innerPath,
                    "was not read to its end: with the other archives of this file it has more than "
                    + $"{limits.Members} members, or more than {limits.WantedMembers} to open");
                break;
            }
        }

        if (directory.IsBroken)
        {
            Warn(innerPath, "has a damaged list of its members; what stands behind the damage is missing");
        }

        if (members.HasLongNames)
        {
            Warn(innerPath, $"has members with names of more than {limits.PathCharacters} bytes, which were not read");
        }

        return members;
    }

    private void AddPackages(ReadOnlyMemory<byte> archive, ZipDirectory directory, ArchiveMembers members, string innerPath)
    {
        string place = innerPath.Length == 0 ? path : innerPath;
        if (!members.HasClasses && JarFileName.Of(place).IsForReading)
        {
            // Sources and documentation of a package are not the package.
            return;
        }

        var packages = new Dictionary<Coordinates, string?>();
        foreach (PomMembers pom in members.Poms)
        {
            AddPom(directory, pom, innerPath, packages);
        }

        JarManifest manifest = members.Manifest is { } member && TryText(directory, member, Join(innerPath, ManifestName), out ReadOnlyMemory<byte> text)
            ? JarManifest.Read(text.Span)
            : JarManifest.Empty;
        if (ArchiveIdentity.Of(place, manifest, [.. packages.Keys], prefix => HasMember(archive, prefix)) is { } own)
        {
            packages[own] = packages.GetValueOrDefault(own) ?? manifest.License;
        }

        foreach ((Coordinates coordinates, string? license) in packages)
        {
            findings.Add(new Package
            {
                Type = PackageType.Maven,
                Name = coordinates.Name,
                Version = coordinates.Version,
                License = license,
                Path = path,
                InnerPath = innerPath.Length == 0 ? null : innerPath,
            });
        }
    }

    private void AddPom(ZipDirectory directory, PomMembers members, string innerPath, Dictionary<Coordinates, string?> packages)
    {
        Coordinates? coordinates = null;
        string place = Join(innerPath, members.Folder);
        if (members.Properties is { } properties && TryText(directory, properties, place + "pom.properties", out ReadOnlyMemory<byte> text))
        {
            coordinates = PomProperties.Read(text.Span, members.Folder);
        }

        PomXml? pom = null;
        if (members.Xml is { } xml && TryText(directory, xml, place + "pom.xml", out text) && (coordinates is null || PomXml.MayHaveLicense(text.Span)))
        {
            pom = PomXml.Read(text);
            (string? group, string? artifact) = PomProperties.NamesIn(members.Folder);
            coordinates ??= group is null ? null : Coordinates.Of(group, artifact, pom.Version);
        }

        if (coordinates is not null)
        {
            packages[coordinates] = packages.GetValueOrDefault(coordinates) ?? pom?.License;
        }
    }

    private bool TryText(ZipDirectory directory, in ZipMember member, string place, out ReadOnlyMemory<byte> text)
    {
        bool isRead = _reader.TryText(directory, member, out text, out string reason);
        if (!isRead)
        {
            Warn(place, reason);
        }

        return isRead;
    }

    private static bool HasMember(ReadOnlyMemory<byte> archive, string prefix)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(prefix);
        ZipDirectory? directory = ZipDirectory.Find(archive);
        while (directory is not null && directory.TryNext(out ZipMember member))
        {
            if (member.Name.StartsWith(bytes))
            {
                return true;
            }
        }

        return false;
    }

    private void Warn(string innerPath, string what)
    {
        string shown = innerPath.Length <= limits.PathCharacters ? innerPath : innerPath[..limits.PathCharacters] + "…";
        findings.Warn(shown.Length == 0 ? $"The archive {what}." : $"In the archive, {shown} {what}.");
    }

    private static string Join(string innerPath, string name) => innerPath.Length == 0 ? name : $"{innerPath}/{name}";
}
