using System.Text;

namespace ImageScan.Core.Detectors.Java;

/// <summary>What of an archive's members says which packages it has.</summary>
/// <param name="maxNameBytes">Members with longer names are left out.</param>
internal sealed class ArchiveMembers(int maxNameBytes)
{
    private readonly Dictionary<string, PomMembers> _poms = new(StringComparer.Ordinal);
    private readonly List<ZipMember> _archives = [];

    private static ReadOnlySpan<byte> DescriptionFolder => "META-INF/maven/"u8;

    /// <summary><c>META-INF/MANIFEST.MF</c>, of several the last; null if there is none.</summary>
    public ZipMember? Manifest { get; private set; }

    /// <summary>Maven's descriptions, one for each folder that has any.</summary>
    public IReadOnlyCollection<PomMembers> Poms => _poms.Values;

    /// <summary>The archives in it.</summary>
    public IReadOnlyList<ZipMember> Archives => _archives;

    /// <summary>Whether a member was left out that might have mattered.</summary>
    public bool HasLongNames { get; private set; }

    /// <summary>Whether there is compiled code.</summary>
    public bool HasClasses { get; private set; }

    /// <summary>Takes the next member; true if it was kept.</summary>
    public bool Take(in ZipMember member)
    {
        ReadOnlySpan<byte> name = member.Name;
        if (name.EndsWith(".class"u8))
        {
            HasClasses = true;
            return false;
        }

        // Some archives made on Windows have backslashes.
        ReadOnlySpan<byte> last = name[(name.LastIndexOfAny((byte)'/', (byte)'\\') + 1)..];
        bool isProperties = last.SequenceEqual("pom.properties"u8);
        bool isXml = last.SequenceEqual("pom.xml"u8) && name.IndexOf(DescriptionFolder) >= 0;
        bool isManifest = Ascii.EqualsIgnoreCase(name, "META-INF/MANIFEST.MF"u8);
        if (!isProperties && !isXml && !isManifest && !JavaArchiveNames.Is(last))
        {
            return false;
        }

        if (name.Length > maxNameBytes)
        {
            HasLongNames = true;
            return false;
        }

        if (isManifest)
        {
            Manifest = member;
        }
        else if (isProperties || isXml)
        {
            TakePom(member, isXml);
        }
        else
        {
            _archives.Add(member);
        }

        return true;
    }

    private void TakePom(in ZipMember member, bool isXml)
    {
        string path = member.Path;
        string folder = path[..(path.LastIndexOf('/') + 1)];
        PomMembers pom = _poms.GetValueOrDefault(folder) ?? new PomMembers(folder);
        _poms[folder] = isXml ? pom with { Xml = member } : pom with { Properties = member };
    }
}

/// <summary>What Maven left in one folder of an archive.</summary>
/// <param name="Folder">Ends in a slash: <c>META-INF/maven/GROUP/ARTIFACT/</c>; "" for the archive's root.</param>
internal sealed record PomMembers(string Folder)
{
    /// <summary>Null if there is none.</summary>
    public ZipMember? Properties { get; init; }

    /// <summary>Null if there is none.</summary>
    public ZipMember? Xml { get; init; }
}
