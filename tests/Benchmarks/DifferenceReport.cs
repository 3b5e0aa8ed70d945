using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;

namespace ImageScan.Benchmarks;

/// <summary>
/// Every package that we find and another scanner does not, or the other way round, with the reason, or UNEXPLAINED. All lines go to a file of
/// the cache folder; how many each reason explains, and every line without one, to the terminal.
/// </summary>
internal static partial class DifferenceReport
{
    /// <summary>The number of lines without an explanation.</summary>
    /// <param name="images">Names of images that images/build.sh makes, or paths of archives.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> images)
    {
        IReadOnlyList<Peer> peers = Peer.All();
        var explanations = new Explanations();
        int unexplained = 0;
        foreach (string image in images)
        {
            if ((BuiltImage.Names.Contains(image) ? BuiltImage.Find(image)?.Archive() : image) is { } archive)
            {
                unexplained += await CompareAsync(Path.GetFileNameWithoutExtension(image), archive, peers, explanations);
            }
        }

        Console.WriteLine($"\n{unexplained} differences UNEXPLAINED");
        foreach (string line in explanations.Unused)
        {
            Console.WriteLine($"explains nothing here: {line}");
        }

        return unexplained;
    }

    private static async Task<int> CompareAsync(string image, string archive, IReadOnlyList<Peer> peers, Explanations explanations)
    {
        using var scan = new ColdScan();
        (IReadOnlyList<LayerInventory> layers, ImageInventory inventory) = await scan.ArchiveAsync(archive);
        Component[] ours = [.. inventory.Packages.Select(installed => Of(installed.Package))];
        HashSet<string> ofSystem = [.. layers.SelectMany(layer => layer.Files).SelectMany(file => file.Owned).SelectMany(owned => owned.Paths).Select(Real)];
        Console.WriteLine($"\n{image}: {string.Join(", ", ours.CountBy(component => component.Type).Select(count => $"{count.Value} {count.Key}"))}");
        foreach (InventoryWarning warning in inventory.Warnings)
        {
            Console.WriteLine($"  warning {warning.Path}: {warning.Reason}");
        }

        int unexplained = 0;
        foreach (Peer peer in peers)
        {
            Component[] theirs = [.. peer.Components(archive).Select(component => ours.FirstOrDefault(component.IsPartOf) ?? component)];
            Difference[] differences =
            [
                .. Only(theirs, ours).Select(component => new Difference(image, peer.Name, "theirs", component, PlaceOf(component, ofSystem))),
                .. Only(ours, theirs).Select(component => new Difference(image, peer.Name, "ours", component, PlaceOf(component, ofSystem))),
            ];
            int common = ours.Select(component => component.Key).Intersect(theirs.Select(component => component.Key)).Count();
            Console.WriteLine($"{image} and {peer.Name}: {common} packages in common, {differences.Length} differences");
            unexplained += Write(image, peer, differences, explanations);
        }

        return unexplained;
    }

    private static int Write(string image, Peer peer, IReadOnlyList<Difference> differences, Explanations explanations)
    {
        (Difference Difference, string? Reason)[] explained = [.. differences.Select(difference => (difference, explanations.Of(difference)))];
        File.WriteAllLines(
            Path.Combine(CacheFolder.Folder("differences"), $"{image}-{peer.Name}.tsv"),
            explained.Select(line => $"{string.Join('\t', line.Difference.Columns)}\t{line.Reason ?? "UNEXPLAINED"}"));
        foreach (((string side, string type, string reason), int count) in explained
            .Where(line => line.Reason is not null)
            .CountBy(line => (line.Difference.Side, line.Difference.Component.Type, line.Reason!)))
        {
            Console.WriteLine($"  {count} {side} {type}: {reason}");
        }

        Difference[] left = [.. explained.Where(line => line.Reason is null).Select(line => line.Difference)];
        foreach (Difference difference in left)
        {
            Console.WriteLine($"  UNEXPLAINED {string.Join(' ', difference.Columns)}");
        }

        return left.Length;
    }

    private static Component Of(Package package)
    {
        string type = package.Type == PackageType.Binary || package.Type == PackageType.WordPress ? package.Type.Name : package.Type.PurlType;
        return Component.Of(type, package.Name, package.Version)! with { Place = package.Location };
    }

    private static IEnumerable<Component> Only(IEnumerable<Component> these, IEnumerable<Component> those)
    {
        HashSet<(string, string, string)> known = [.. those.Select(component => component.Key)];
        return these.Where(component => !known.Contains(component.Key)).DistinctBy(component => (component.Key, component.Place));
    }

    // What is in an archive that a package owns is that package's. Lists of files name folders too, and a folder is nobody's own.
    private static string PlaceOf(Component component, HashSet<string> ofSystem)
    {
        string place = component.Place.TrimStart('/');
        string file = Archive().Match(place) is { Success: true } archive ? archive.Value : place;
        return ofSystem.Contains(Real(file)) ? $"system:{place}" : place;
    }

    // Debian's /lib is a link to usr/lib (https://wiki.debian.org/UsrMerge).
    private static string Real(string path) =>
        path.StartsWith("lib/", StringComparison.Ordinal) || path.StartsWith("bin/", StringComparison.Ordinal) ? $"usr/{path}" : path;

    [GeneratedRegex(@"^.*?\.(jar|war|ear|par|aar|jpi|hpi)(?=/)")]
    private static partial Regex Archive();
}
