namespace ImageScan.Core.Detectors.Executables.Go;

/// <summary>The lines about modules of a Go program, read.</summary>
internal sealed class ModuleLines
{
    private readonly List<Module> _dependencies = [];

    private ModuleLines()
    {
    }

    /// <summary>The package that became the program: <c>example.com/app/cmd/tool</c>; null if it is not stated.</summary>
    public string? MainPackage { get; private set; }

    /// <summary>The module of the program itself; null if it was built without modules.</summary>
    public Module? Main { get; private set; }

    /// <summary>What it was made of, each as it was really taken.</summary>
    public IReadOnlyList<Module> Dependencies => _dependencies;

    /// <summary>The value of <c>-ldflags</c>; null if it is not stated, as with <c>-trimpath</c>.</summary>
    public string? LinkerFlags { get; private set; }

    public static ModuleLines Read(string text)
    {
        var lines = new ModuleLines();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            lines.Take(line);
        }

        // Programs of old versions of Go have a line of a dependency without name.
        lines._dependencies.RemoveAll(module => module.Name.Length == 0);
        return lines;
    }

    private void Take(ReadOnlySpan<char> line)
    {
        int tab = line.IndexOf('\t');
        if (tab < 0)
        {
            return;
        }

        ReadOnlySpan<char> rest = line[(tab + 1)..];
        switch (line[..tab])
        {
            case "path":
                MainPackage = rest.ToString();
                break;
            case "mod":
                Main = Module.Read(rest) is { Name.Length: > 0 } main ? main : null;
                break;
            case "dep":
                _dependencies.Add(Module.Read(rest));
                break;
            case "=>" when _dependencies.Count > 0:
                _dependencies[^1] = _dependencies[^1].ReplacedBy(Module.Read(rest));
                break;
            case "build":
                TakeSetting(rest);
                break;
            default:
                break;
        }
    }

    // -ldflags="-s -w -X main.version=v1.2.3", quoted as a string of Go where it must be (https://go.dev/ref/spec#String_literals).
    private void TakeSetting(ReadOnlySpan<char> setting)
    {
        const string Key = "-ldflags=";
        if (setting.StartsWith(Key))
        {
            ReadOnlySpan<char> value = setting[Key.Length..];
            LinkerFlags = value is ['`', .., '`'] ? value[1..^1].ToString()
                : value is ['"', .., '"'] ? value[1..^1].ToString().Replace("\\\"", "\"", StringComparison.Ordinal)
                : value.ToString();
        }
    }
}

/// <summary>A module as the lines name it.</summary>
/// <param name="Name">Its path: <c>github.com/owner/name/v2</c>.</param>
/// <param name="Version"><c>v1.2.3</c>; <c>(devel)</c> or empty if nobody knows.</param>
/// <param name="HasChecksum">Whether it came as a published version, which has one.</param>
internal readonly record struct Module(string Name, string Version, bool HasChecksum)
{
    /// <summary>Path, version and checksum, with tabs between; the later ones may be missing.</summary>
    public static Module Read(ReadOnlySpan<char> fields)
    {
        Span<Range> parts = stackalloc Range[4];
        int count = fields.Split(parts, '\t');
        return new Module(
            fields[parts[0]].Trim().ToString(),
            count > 1 ? fields[parts[1]].Trim().ToString() : "",
            count > 2 && fields[parts[2]].StartsWith("h1:"));
    }

    /// <summary>
    /// What a <c>replace</c> directive put in its place (https://go.dev/ref/mod#go-mod-file-replace). A folder has no version and is no name
    /// for others to know, so the module keeps its name.
    /// </summary>
    public Module ReplacedBy(Module other) =>
        other.Name is "" or ['.' or '/' or '\\', ..] or [_, ':', ..] ? this with { Version = "", HasChecksum = false } : other;
}
