using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Apk;

/// <summary>
/// Reads the packages of Alpine and its kin, and the files they own, from apk's database
/// (https://wiki.alpinelinux.org/wiki/Apk_spec#Install_DB). Newer releases keep it below <c>usr</c>.
/// </summary>
public sealed class ApkDetector : IPackageDetector
{
    private const string Installed = "lib/apk/db/installed";
    private const string UsrInstalled = "usr/lib/apk/db/installed";

    // PATH_MAX of Linux: nothing can be installed in a longer one.
    private const int MaxFolderLength = 4096;

    // A long folder before very many short names is a small file that asks for the folder again and again; the largest databases have 10 Mi.
    private const long MaxOwnedCharacters = 256 << 20;

    public string Name => "apk";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [Installed, UsrInstalled];

    public bool Wants(string path) => path is Installed or UsrInstalled;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var record = new Record();
        long ownedCharacters = 0;
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty)
            {
                Report(record, entry.Path, findings);
                record = new Record();
            }
            else
            {
                record.Take(line);
                if (record.OwnedFile(line, MaxOwnedCharacters - ownedCharacters) is { } owned)
                {
                    ownedCharacters += owned.Length;
                    findings.Own(owned, record.Name ?? "");
                }
            }
        }

        if (ownedCharacters >= MaxOwnedCharacters - MaxFolderLength)
        {
            findings.Warn("It names more files than were looked at. Language packages that belong to the system may be reported.");
        }

        Report(record, entry.Path, findings);
    }

    private static void Report(Record record, string path, FileFindings findings)
    {
        if (record.IsEmpty)
        {
            return;
        }

        if (string.IsNullOrEmpty(record.Name) || string.IsNullOrEmpty(record.Version))
        {
            findings.Warn($"An entry of apk's database lacks its {(string.IsNullOrEmpty(record.Name) ? "name (P:)" : "version (V:)")}.");
            return;
        }

        findings.Add(new Package
        {
            Type = PackageType.Apk,
            Name = record.Name,
            Version = record.Version,

            // Alpine files advisories under the origin, so busybox fixes ssl_client. A subpackage has its origin's version.
            SourceName = string.IsNullOrEmpty(record.Origin) || record.Origin == record.Name ? null : record.Origin,
            Architecture = string.IsNullOrEmpty(record.Architecture) ? null : record.Architecture,
            License = string.IsNullOrEmpty(record.License) ? null : record.License,
            Path = path,
        });
    }

    private sealed class Record
    {
        private string _folder = "";

        public bool IsEmpty { get; private set; } = true;

        public string? Name { get; private set; }

        public string? Version { get; private set; }

        public string? Architecture { get; private set; }

        public string? License { get; private set; }

        public string? Origin { get; private set; }

        // R: names a file in the folder of the last F:. Null for every other line, and beyond so many characters.
        public string? OwnedFile(ReadOnlySpan<byte> line, long maxCharacters)
        {
            if (!line.StartsWith("R:"u8) || _folder.Length + line.Length > Math.Min(maxCharacters, MaxFolderLength))
            {
                return null;
            }

            return _folder.Length == 0 ? TextLines.TextOf(line[2..]) : $"{_folder}/{TextLines.TextOf(line[2..])}";
        }

        // One letter, in either case with another meaning, a colon and the value.
        public void Take(ReadOnlySpan<byte> line)
        {
            IsEmpty = false;
            if (line.Length < 2 || line[1] != (byte)':')
            {
                return;
            }

            ReadOnlySpan<byte> value = line[2..];
            switch (line[0])
            {
                case (byte)'P': Name = TextLines.TextOf(value); break;
                case (byte)'V': Version = TextLines.TextOf(value); break;
                case (byte)'A': Architecture = TextLines.TextOf(value); break;
                case (byte)'L': License = TextLines.TextOf(value); break;
                case (byte)'o': Origin = TextLines.TextOf(value); break;
                case (byte)'F': _folder = TextLines.TextOf(value); break;
            }
        }
    }
}
