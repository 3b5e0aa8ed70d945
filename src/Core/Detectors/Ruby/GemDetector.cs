using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Ruby;

/// <summary>
/// Reads installed Ruby gems: the <c>.gemspec</c> that RubyGems keeps of each in <c>specifications</c>, and of those that come with Ruby in
/// <c>specifications/default</c>. They are programs; nothing of them is run.
/// </summary>
public sealed class GemDetector : IPackageDetector
{
    public string Name => "gem";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path.EndsWith(".gemspec", StringComparison.Ordinal) && IsKept(path.Split('/'));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var specification = new GemSpecification();
        using (var lines = new TextLines(content))
        {
            while (lines.TryRead(out ReadOnlySpan<byte> line))
            {
                specification.Take(line);
            }
        }

        (string Name, string Version)? byFile = GemFileName.Parse(entry.Path[(entry.Path.LastIndexOf('/') + 1)..]);
        string? name = specification.Name ?? byFile?.Name;
        string? version = specification.Version ?? byFile?.Version;
        if (name is null || version is null)
        {
            findings.Warn("This gemspec states no name and version, and its file name does not either.");
            return;
        }

        findings.Add(new Package { Type = PackageType.Gem, Name = name, Version = version, License = specification.License, Path = entry.Path });
    }

    // A specifications folder lies beside a gems folder: usr/lib/ruby/gems/3.2.0/specifications/x.gemspec. In an installed gem
    // (…/gems/x-1.0/test/specifications) it is a fixture.
    private static bool IsKept(string[] parts)
    {
        int folder = parts is [.., "specifications", "default", _] ? parts.Length - 3 : parts is [.., "specifications", _] ? parts.Length - 2 : -1;
        if (folder < 0)
        {
            return false;
        }

        int gems = Array.LastIndexOf(parts, "gems");
        return gems < 0 || gems > folder || (gems == folder - 2 && IsRelease(parts[gems + 1]));
    }

    // The release of Ruby whose gems these are, or "shared" for JRuby's.
    private static bool IsRelease(string folder) => folder is [>= '0' and <= '9', ..] or "shared";
}
