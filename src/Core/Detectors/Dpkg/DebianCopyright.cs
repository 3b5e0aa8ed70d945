using System.Buffers;
using System.Text;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// What a <c>copyright</c> file of Debian says the licence is. Files in the machine-readable format name it in a field
/// (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/); the others are prose, in which common licences are referred to by
/// their place (https://www.debian.org/doc/debian-policy/ch-docs.html#s-copyrightformat).
/// </summary>
internal sealed class DebianCopyright
{
    private const int MaxLicenses = 10;

    // Longer than any short name; some put the licence's text there.
    private const int MaxLength = 128;

    private static readonly SearchValues<byte> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-"u8);

    private readonly List<string> _ofFiles = [];
    private readonly List<string> _referred = [];
    private string? _ofHeader;
    private string? _license;
    private bool _isMachineReadable;
    private bool _isOfFiles;
    private bool _afterHeader;

    /// <summary>Takes the next line.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8).IsEmpty)
        {
            EndParagraph();
            return;
        }

        TakeReference(line);
        int colon = line[0] is (byte)' ' or (byte)'\t' ? -1 : line.IndexOf((byte)':');
        if (colon > 0)
        {
            TakeField(line[..colon], line[(colon + 1)..]);
        }
    }

    /// <summary>
    /// The licences, joined as SPDX joins them, in Debian's own short names and in the order of the file, ten at most; null if it names none.
    /// To be called after the last line.
    /// </summary>
    public string? License()
    {
        EndParagraph();
        List<string> licenses = !_isMachineReadable ? _referred
            : _ofFiles.Count > 0 ? _ofFiles
            : _ofHeader is not null ? [_ofHeader]
            : _referred;
        return licenses.Count switch
        {
            0 => null,
            1 => licenses[0],
            _ => string.Join(" AND ", licenses.Select(license => license.Contains(" OR ", StringComparison.Ordinal) ? $"({license})" : license)),
        };
    }

    private void EndParagraph()
    {
        if (_license is not null && _isOfFiles)
        {
            Keep(_ofFiles, Expression(_license));
        }
        else if (_license is not null && !_afterHeader)
        {
            _ofHeader = Expression(_license);
        }

        _afterHeader |= _isMachineReadable;
        _license = null;
        _isOfFiles = false;
    }

    private void TakeField(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        // Names of fields are not case-sensitive (deb822(5)). "Format-Specification" is what drafts of the format had.
        if (Is(field, "License"u8))
        {
            string license = value.Length <= MaxLength ? TextLines.TextOf(value) : "";
            _license = license.Length > 0 ? license : null;
        }
        else if (Is(field, "Files"u8))
        {
            _isOfFiles = true;
        }
        else if (!_afterHeader && (Is(field, "Format"u8) || Is(field, "Format-Specification"u8)))
        {
            _isMachineReadable = true;
        }
    }

    private void TakeReference(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> place = "/usr/share/common-licenses/"u8;
        for (int at; _referred.Count < MaxLicenses && (at = line.IndexOf(place)) >= 0;)
        {
            line = line[(at + place.Length)..];
            int end = line.IndexOfAnyExcept(OfNames);

            // A full stop after it ends the sentence.
            string name = Encoding.ASCII.GetString(end < 0 ? line : line[..end]).TrimEnd('.', '-');
            if (name.Length is > 0 and <= MaxLength)
            {
                Keep(_referred, name);
            }
        }
    }

    // "GPL-2+ or Artistic, and BSD": a comma ends what "or" joins, as brackets do in SPDX (copyright format 1.0, 7.2).
    private static string Expression(string license)
    {
        string[] parts = license.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var text = new StringBuilder();
        foreach (string part in parts)
        {
            string[] words = [.. part.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(WithOperator)];
            bool joins = words.Length > 1 && words[0] is "AND" or "OR";
            string operand = string.Join(' ', joins ? words[1..] : words);
            bool isJoined = operand.Contains(" OR ", StringComparison.Ordinal) || operand.Contains(" AND ", StringComparison.Ordinal);
            text.Append(text.Length == 0 ? "" : joins ? $" {words[0]} " : ", ").Append(parts.Length > 1 && isJoined ? $"({operand})" : operand);
        }

        return text.ToString();
    }

    private static string WithOperator(string word) => word switch
    {
        "and" => "AND",
        "or" => "OR",
        _ => word,
    };

    private static void Keep(List<string> licenses, string license)
    {
        if (license.Length > 0 && licenses.Count < MaxLicenses && !licenses.Contains(license))
        {
            licenses.Add(license);
        }
    }

    private static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(field, name);
}
