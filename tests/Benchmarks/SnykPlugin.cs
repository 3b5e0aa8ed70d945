using System.Diagnostics;
using System.Text.Json;

namespace ImageScan.Benchmarks;

/// <summary>snyk-docker-plugin, which has no program of its own: peers/snyk.cjs calls it. It reads archives only.</summary>
internal sealed class SnykPlugin(string installed) : Peer
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "peers", "snyk.cjs");

    public override string Name => "snyk-docker-plugin";

    public override ProcessStartInfo StartUp() => new("node", [Script, installed]);

    public override ProcessStartInfo Scan(string image, string archive) => new("node", [Script, installed, archive]);

    public override IReadOnlyList<Component> Components(string archive)
    {
        string output = OutputOn(archive, Scan(archive, archive));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<Component>()];
    }

    private static Component? Read(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement package = document.RootElement;
        string type = package.GetProperty("type").GetString()!;
        string name = package.GetProperty("name").GetString()!;
        if (type is "deb" or "apk" or "rpm")
        {
            // source/binary
            name = name[(name.LastIndexOf('/') + 1)..];
        }

        return Component.Of(type, name, package.GetProperty("version").GetString()!) is { } found
            ? found with { Place = package.GetProperty("place").GetString()! }
            : null;
    }
}
