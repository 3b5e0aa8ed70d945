using System.Diagnostics;
using System.Text.Json;

namespace ImageScan.Benchmarks;

/// <summary>Trivy. Its CycloneDX output needs no database of advisories (https://aquasecurity.github.io/trivy/v0.44/docs/supply-chain/sbom/).</summary>
internal sealed class Trivy(string program) : Peer
{
    private const string Property = "aquasecurity:trivy:";

    public override string Name => "trivy";

    public override ProcessStartInfo StartUp() => new(program, ["--version"]);

    public override ProcessStartInfo Scan(string image, string archive) => Image(image);

    public override IReadOnlyList<Component> Components(string archive)
    {
        using JsonDocument document = JsonDocument.Parse(OutputOn(archive, Image("--input", archive)));
        return [.. Read(document.RootElement)];
    }

    /// <summary>The same image once more, with all its layers in the cache.</summary>
    public ProcessStartInfo ScanAgain(string image) => new(program, ["image", .. Options(CacheFolder.Folder("trivy")), image]);

    private ProcessStartInfo Image(params string[] image)
    {
        // Emptied each time, since it remembers layers; but for the index of jars, which it must have.
        string cache = CacheFolder.Folder("trivy");
        Directory.Delete(cache, recursive: true);
        string index = CacheFolder.Folder("trivy", "java-db");
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(program)!, "java-db")))
        {
            File.Copy(file, Path.Combine(index, Path.GetFileName(file)));
        }

        return new(program, ["image", .. Options(cache), .. image]);
    }

    private static string[] Options(string cache) =>
        ["--quiet", "--format", "cyclonedx", "--offline-scan", "--skip-java-db-update", "--timeout", "30m", "--cache-dir", cache];

    private static IEnumerable<Component> Read(JsonElement bom)
    {
        if (!bom.TryGetProperty("components", out JsonElement components))
        {
            yield break;
        }

        Dictionary<string, string> places = PlacesOf(bom, components);
        foreach (JsonElement component in components.EnumerateArray())
        {
            if (component.TryGetProperty("purl", out JsonElement purl) && Component.OfPurl(purl.GetString()!) is { } found)
            {
                string place = PropertyOf(component, "FilePath") ?? places.GetValueOrDefault(component.GetProperty("bom-ref").GetString()!, "");
                yield return found with { Place = place };
            }
        }
    }

    // Packages that one file lists are said to be what that file's component depends on.
    private static Dictionary<string, string> PlacesOf(JsonElement bom, JsonElement components)
    {
        var files = components.EnumerateArray()
            .Where(component => component.GetProperty("type").GetString() == "application")
            .ToDictionary(component => component.GetProperty("bom-ref").GetString()!, component => component.GetProperty("name").GetString()!);
        var places = new Dictionary<string, string>();
        foreach (JsonElement dependency in bom.GetProperty("dependencies").EnumerateArray())
        {
            if (files.TryGetValue(dependency.GetProperty("ref").GetString()!, out string? file))
            {
                foreach (JsonElement package in dependency.GetProperty("dependsOn").EnumerateArray())
                {
                    places.TryAdd(package.GetString()!, file);
                }
            }
        }

        return places;
    }

    private static string? PropertyOf(JsonElement component, string name) => component.TryGetProperty("properties", out JsonElement properties)
        ? properties.EnumerateArray()
            .Where(property => property.GetProperty("name").GetString() == Property + name)
            .Select(property => property.GetProperty("value").GetString())
            .FirstOrDefault()
        : null;
}
