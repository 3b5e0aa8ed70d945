using System.Text;

namespace ImageScan.Core.Detectors.Opkg;

/// <summary>What opkg says of one package, a field a line. What is missing is "".</summary>
internal sealed class OpkgStanza
{
    private string _status = "";

    public string Package { get; private set; } = "";

    public string Version { get; private set; } = "";

    public string Architecture { get; private set; } = "";

    public string License { get; private set; } = "";

    /// <summary>
    /// Whether its files are there: the last of three words is the state (<c>install user installed</c>), as for dpkg. Without the line, as
    /// in the files that came with a package, it is.
    /// </summary>
    public bool IsInstalled =>
        _status.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [] or [.., not ("not-installed" or "config-files")];

    /// <summary>The next stanza; null at the end.</summary>
    public static OpkgStanza? Read(TextLines lines)
    {
        OpkgStanza? stanza = null;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.IsEmpty)
            {
                stanza ??= new OpkgStanza();
                stanza.Take(line);
            }
            else if (stanza is not null)
            {
                return stanza;
            }
        }

        return stanza;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
        {
            return;
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..];
        switch (Encoding.UTF8.GetString(line[..colon]))
        {
            case "Package": Package = TextLines.TextOf(value); break;
            case "Version": Version = TextLines.TextOf(value); break;
            case "Architecture": Architecture = TextLines.TextOf(value); break;
            case "License": License = TextLines.TextOf(value); break;
            case "Status": _status = TextLines.TextOf(value); break;
        }
    }
}
