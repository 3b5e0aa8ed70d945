using System.Runtime.InteropServices;
using System.Text;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// The main section of <c>META-INF/MANIFEST.MF</c>, as far as it says what the archive is
/// (https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest).
/// </summary>
internal sealed class JarManifest
{
    private readonly Dictionary<string, string> _attributes = new(StringComparer.OrdinalIgnoreCase);

    public static JarManifest Empty { get; } = new();

    public string? Title => Of("Implementation-Title");

    /// <summary>
    /// The version of the implementation, or of the OSGi bundle. That of the specification is not: a servlet API has 4.0 whoever wrote it.
    /// </summary>
    public string? Version => VersionIn(Of("Implementation-Version")) ?? VersionIn(Of("Bundle-Version"));

    /// <summary>The group, where a build wrote it; whatever its vendor fancied elsewhere.</summary>
    public string? VendorId => Of("Implementation-Vendor-Id");

    /// <summary>
    /// Without directives (<c>;singleton:=true</c>):
    /// https://docs.osgi.org/specification/osgi.core/8.0.0/framework.module.html#framework.module-bundle-symbolicname.
    /// </summary>
    public string? SymbolicName => Of("Bundle-SymbolicName")?.Split(';')[0].Trim();

    /// <summary>
    /// Licences of an OSGi bundle, separated by commas, each a name or URL with attributes behind a semicolon, as one text:
    /// https://docs.osgi.org/specification/osgi.core/8.0.0/framework.module.html#framework.module-bundle-license.
    /// </summary>
    public string? License
    {
        get
        {
            string[] names =
            [
                .. (Of("Bundle-License") ?? "").Split(',').Select(license => license.Split(';')[0].Trim(' ', '"')).Where(name => name.Length > 0).Distinct(),
            ];
            return names is [] or ["<<EXTERNAL>>"] ? null : string.Join(" OR ", names);
        }
    }

    /// <summary>
    /// What a plugin of Jenkins says of itself, which is a Maven artifact:
    /// https://github.com/jenkinsci/maven-hpi-plugin/blob/master/src/main/java/org/jenkinsci/maven/plugins/hpi/AbstractJenkinsManifestMojo.java.
    /// </summary>
    public Coordinates? JenkinsPlugin =>
        Of("Group-Id") is { } group ? Coordinates.Of(group, Of("Short-Name"), VersionIn(Of("Plugin-Version"))) : null;

    public static JarManifest Read(ReadOnlySpan<byte> text)
    {
        var manifest = new JarManifest();

        // A line of more than 72 bytes goes on in the next one, behind a space, perhaps in the middle of a character.
        var line = new List<byte>();
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> next = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + (text[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
            if (next.StartsWith((byte)' '))
            {
                line.AddRange(next[1..]);
                continue;
            }

            manifest.Take(line);
            line.Clear();
            if (next.IsEmpty)
            {
                // Sections about single files follow.
                return manifest;
            }

            line.AddRange(next);
        }

        manifest.Take(line);
        return manifest;
    }

    private string? Of(string attribute) => _attributes.TryGetValue(attribute, out string? value) && value.Length > 0 ? value : null;

    // What such an attribute begins with (8.11.1 0b002b11 - user - 2021-12-10 of Lucene), unless that is something else (unspecified of Gradle).
    private static string? VersionIn(string? text)
    {
        string version = (text ?? "").Split(' ')[0];
        string digits = version.StartsWith('v') ? version[1..] : version;
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) ? version : null;
    }

    private void Take(List<byte> line)
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(line);
        int colon = bytes.IndexOf((byte)':');
        if (colon > 0 && IsRead(bytes[..colon]))
        {
            _attributes.TryAdd(Encoding.UTF8.GetString(bytes[..colon]), Encoding.UTF8.GetString(bytes[(colon + 1)..]).Trim());
        }
    }

    private static bool IsRead(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "Implementation-Title"u8)
        || Ascii.EqualsIgnoreCase(name, "Implementation-Version"u8)
        || Ascii.EqualsIgnoreCase(name, "Implementation-Vendor-Id"u8)
        || Ascii.EqualsIgnoreCase(name, "Bundle-SymbolicName"u8)
        || Ascii.EqualsIgnoreCase(name, "Bundle-Version"u8)
        || Ascii.EqualsIgnoreCase(name, "Bundle-License"u8)
        || Ascii.EqualsIgnoreCase(name, "Group-Id"u8)
        || Ascii.EqualsIgnoreCase(name, "Short-Name"u8)
        || Ascii.EqualsIgnoreCase(name, "Plugin-Version"u8);
}
