using System.Globalization;
using System.Text;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// Reads <c>META-INF/maven/GROUP/ARTIFACT/pom.properties</c>, which Maven puts into what it builds
/// (https://maven.apache.org/shared/maven-archiver/#pom-properties-content) and which stays there when an archive is shaded into another.
/// </summary>
internal static class PomProperties
{
    /// <summary>The coordinates; null if one of the three is missing or a placeholder. Group and artifact may come from the folder.</summary>
    public static Coordinates? Read(ReadOnlySpan<byte> text, string folder)
    {
        string? group = null;
        string? artifact = null;
        string? version = null;
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n', '\r'))
        {
            (string key, string value) = Property(line);
            switch (key)
            {
                // A key that stands twice counts as it stands last, as java.util.Properties has it.
                case "groupId": group = value; break;
                case "artifactId": artifact = value; break;
                case "version": version = value; break;
            }
        }

        (string? groupOfPath, string? artifactOfPath) = NamesIn(folder);
        return Coordinates.Of(Coordinates.IsId(group) ? group : groupOfPath ?? "", Coordinates.IsId(artifact) ? artifact : artifactOfPath, version);
    }

    /// <summary>Group and artifact of <c>…META-INF/maven/GROUP/ARTIFACT/</c>; null if the folder is another.</summary>
    public static (string? Group, string? Artifact) NamesIn(string folder) =>
        folder.Split('/') is [.., "META-INF", "maven", var group, var artifact, ""] && Coordinates.IsId(group) && Coordinates.IsId(artifact)
            ? (group, artifact)
            : (null, null);

    // https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader), without lines that are
    // continued on the next one: no coordinate is that long.
    private static (string Key, string Value) Property(string line)
    {
        line = line.Trim(' ', '\t', '\f');
        if (line.Length == 0 || line[0] is '#' or '!')
        {
            return ("", "");
        }

        int end = line.AsSpan().IndexOfAny("=: \t\f");
        if (end < 0)
        {
            return (line, "");
        }

        string value = line[end..].TrimStart(' ', '\t', '\f');
        return (line[..end], Unescaped(value.Length > 0 && value[0] is '=' or ':' ? value[1..].TrimStart(' ', '\t', '\f') : value));
    }

    private static string Unescaped(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || ++i == value.Length)
            {
                text.Append(i < value.Length ? value[i] : '\\');
            }
            else if (value[i] == 'u' && i + 4 < value.Length
                && ushort.TryParse(value.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                text.Append((char)code);
                i += 4;
            }
            else
            {
                text.Append(value[i]);
            }
        }

        return text.ToString();
    }
}
