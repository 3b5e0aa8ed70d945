using System.Text;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>One line of a file of shell assignments, as os-release(5) and lsb-release are.</summary>
internal static class ShellAssignment
{
    // A value that long names nothing that exists.
    private const int MaxLength = 256;

    /// <summary>The variable and its value, unquoted; a value of more than 256 characters is "". False if the line assigns nothing.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out string name, out string value)
    {
        int equals = line.IndexOf((byte)'=');
        if (equals <= 0 || equals > MaxLength)
        {
            name = value = "";
            return false;
        }

        name = TextLines.TextOf(line[..equals]);
        value = Unquoted(TextLines.TextOf(line[(equals + 1)..]));
        return true;
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

    private static string Bounded(string value) => value.Length <= MaxLength ? value : "";
}
