using System.Text;

namespace ImageScan.Core.Detectors.Pacman;

/// <summary>A file of pacman's database: a field's name in percent signs in a line of its own, its values below it, a line each.</summary>
internal sealed class PacmanValues(Stream content) : IDisposable
{
    private const int MaxFieldLength = 64;

    private readonly TextLines _lines = new(content);
    private string _field = "";

    /// <summary>The next value and its field; false at the end. The bytes are valid until the next call.</summary>
    public bool TryRead(out string field, out ReadOnlySpan<byte> value)
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line is [(byte)'%', .., (byte)'%'] && line.Length <= MaxFieldLength)
            {
                _field = Encoding.UTF8.GetString(line[1..^1]);
            }
            else if (!line.IsEmpty)
            {
                field = _field;
                value = line;
                return true;
            }
        }

        field = "";
        value = default;
        return false;
    }

    public void Dispose() => _lines.Dispose();
}
