using System.Xml;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// What a <c>pom.xml</c> inside an archive says of its package (https://maven.apache.org/pom.html), without its parents, which are elsewhere.
/// </summary>
/// <param name="Version">Its own version or that of its parent, which it then shares; null if neither is there.</param>
/// <param name="License">Names, or URLs of those without, of all its licences, of which one may be chosen; null if it states none.</param>
internal sealed record PomXml(string? Version, string? License)
{
    private const int MaxDepth = 64;
    private const int MaxLicenses = 8;

    // No document type is processed, so no entity can grow or name a file; nothing is fetched.
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    };

    /// <summary>Whether it is worth to be read for its licence.</summary>
    public static bool MayHaveLicense(ReadOnlySpan<byte> text) => text.IndexOf("<licenses"u8) >= 0;

    /// <summary>As much as can be read: what stands behind the first fault is not there.</summary>
    public static PomXml Read(ReadOnlyMemory<byte> text)
    {
        var found = new Reading();
        try
        {
            using var reader = XmlReader.Create(new MemoryReader(text), Settings);
            found.Read(reader);
        }
        catch (XmlException)
        {
            // Cut off, or entities of a document type (&oacute;): what was read before is true.
        }

        return found.ToPom();
    }

    private sealed class Reading
    {
        private readonly string[] _path = new string[MaxDepth];
        private readonly List<string> _licenses = [];
        private string? _version;
        private string? _parentVersion;
        private string? _name;
        private string? _url;

        public void Read(XmlReader reader)
        {
            while (reader.Read() && reader.Depth < MaxDepth)
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        _path[reader.Depth] = reader.LocalName;
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        Take(_path.AsSpan(0, reader.Depth), reader.Value.Trim());
                        break;
                    case XmlNodeType.EndElement when reader.Depth == 2 && _path[1] == "licenses":
                        TakeLicense();
                        break;
                }
            }
        }

        public PomXml ToPom()
        {
            TakeLicense();
            return new PomXml(_version ?? _parentVersion, _licenses.Count == 0 ? null : string.Join(" OR ", _licenses.Distinct()));
        }

        private void Take(ReadOnlySpan<string> path, string text)
        {
            switch (path)
            {
                case ["project", "version"]: _version ??= text; break;
                case ["project", "parent", "version"]: _parentVersion ??= text; break;
                case ["project", "licenses", "license", "name"]: _name ??= text; break;
                case ["project", "licenses", "license", "url"]: _url ??= text; break;
            }
        }

        private void TakeLicense()
        {
            string? license = string.IsNullOrEmpty(_name) ? _url : _name;
            if (!string.IsNullOrEmpty(license) && _licenses.Count < MaxLicenses)
            {
                // Names are often broken over lines.
                _licenses.Add(string.Join(' ', license.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }

            _name = _url = null;
        }
    }
}
