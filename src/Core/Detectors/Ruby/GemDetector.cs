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

    public int Version => 2;

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

    // A specifications folder lies beside a gems folder, wherever a manager of Rubies or a distribution has both: share/gems/specifications
    // (https://docs.fedoraproject.org/en-US/packaging-guidelines/Ruby/). In an installed gem (…/gems/x-1.0/test/specifications) it is a fixture.
    private static bool IsKept(string[] parts)
    {
        int folder = parts is [.., "specifications", "default", _] ? parts.Length - 3 : parts is [.., "specifications", _] ? parts.Length - 2 : -1;
        for (int i = 1; i < folder; i++)
        {
            if (parts[i - 1] == "gems" && IsGem(parts[i]))
            {
                return false;
            }
        }

        return folder >= 0;
    }

    // RVM has a folder of gems a Ruby: gems/ruby-3.2.2, gems/jruby-9.4.2.0@set (https://rvm.io/gemsets/basics).
    private static bool IsGem(string folder) =>
        GemFileName.Parse($"{folder}.gemspec") is { } gem && gem.Name is not ("ruby" or "jruby" or "truffleruby" or "rbx");
}
