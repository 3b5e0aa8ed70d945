using System.Text;

namespace ImageScan.Core.Detectors.Java;

/// <summary>What of an archive's members says which packages it has.</summary>
internal sealed class ArchiveMembers
{
    private readonly Dictionary<string, PomMembers> _poms = new(StringComparer.Ordinal);
    private readonly List<(ZipMember Member, string Name)> _archives = [];

    private static ReadOnlySpan<byte> DescriptionFolder => "META-INF/maven/"u8;

    /// <summary><c>META-INF/MANIFEST.MF</c>, of several the last; null if there is none.</summary>
    public ZipMember? Manifest { get; private set; }

    /// <summary>Maven's descriptions, one for each folder that has any.</summary>
    public IReadOnlyCollection<PomMembers> Poms => _poms.Values;

    /// <summary>The archives in it, with their names.</summary>
    public IReadOnlyList<(ZipMember Member, string Name)> Archives => _archives;

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
        if (last.SequenceEqual("pom.properties"u8))
        {
            TakePom(member, (pom, taken) => pom with { Properties = taken });
        }
        else if (last.SequenceEqual("pom.xml"u8) && name.IndexOf(DescriptionFolder) >= 0)
        {
            TakePom(member, (pom, taken) => pom with { Xml = taken });
        }
        else if (Ascii.EqualsIgnoreCase(name, "META-INF/MANIFEST.MF"u8))
        {
            Manifest = member;
        }
        else if (JavaArchiveNames.Is(last))
        {
            _archives.Add((member, PathOf(name)));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void TakePom(in ZipMember member, Func<PomMembers, ZipMember, PomMembers> with)
    {
        string path = PathOf(member.Name);
        string folder = path[..(path.LastIndexOf('/') + 1)];
        _poms[folder] = with(_poms.GetValueOrDefault(folder) ?? new PomMembers(folder), member);
    }

    // A name is only text, perhaps meant to lead out of the archive.
    private static string PathOf(ReadOnlySpan<byte> name) =>
        string.Join('/', Encoding.UTF8.GetString(name).Split('/', '\\').Where(part => part is not ("" or "." or "..")));
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
