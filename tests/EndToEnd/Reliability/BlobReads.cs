using System.Globalization;
using ImageScan.Core.Images;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>Whether each layer was read no more often than what was done to the app explains.</summary>
internal sealed class BlobReads(ReliabilityRoom room, LoadCallers callers)
{
    // From the last byte of a layer to the row that says it is known; a worker killed in between has read for nothing.
    private static readonly TimeSpan UntilKept = TimeSpan.FromSeconds(2);

    private readonly TimeSpan[] _kills = [.. room.Log.All.Where(trouble => trouble.Kind == "kills").Select(trouble => trouble.At)];
    private readonly ILookup<Digest, BlobReading> _readings = room.RegistryTrouble.Readings.ToLookup(reading => reading.Digest);

    /// <summary>Readings of layers in all, how many of them were forced or explained, and how many layers there are.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Layers.Count} layers were read {Layers.Sum(layer => _readings[layer].Count())} times, of which {Layers.Sum(layer => Math.Max(0, _readings[layer].Count() - 1))} again");

    /// <summary>Those that were read too often, each with what would have explained it.</summary>
    public IReadOnlyList<string> TooMany =>
    [
        .. from layer in Layers
           let read = _readings[layer].Count()
           let explained = Explained(layer)
           where read > explained.Values.Sum()
           select string.Create(
               CultureInfo.InvariantCulture,
               $"{layer} was read {read} times: {string.Join(", ", _readings[layer].Select(reading => $"{reading.Begin.TotalSeconds:f2} s"))}; explained by {string.Join(", ", explained)}"),
    ];

    private IReadOnlyList<Digest> Layers =>
        [.. room.Images.SelectMany(image => image.Image.Layers).Select(layer => layer.Digest).Except(room.Images.Select(image => image.Lie!)).Distinct()];

    private Dictionary<string, int> Explained(Digest layer)
    {
        LoadImage[] images = [.. room.Images.Where(image => image.Image.Layers.Any(of => of.Digest == layer))];
        return new()
        {
            ["its first reading"] = 1,
            ["forced scans"] = images.Sum(callers.ForcesOf),
            ["faults of the registry"] = _readings[layer].Count(reading => reading.IsFaulty),
            ["connections that were cut"] = _readings[layer].Count(reading => reading is { WasCut: true, IsFaulty: false }),
            ["kills before it was kept"] = _readings[layer].Count(reading => reading is { WasCut: false, IsFaulty: false } && WasInVain(reading)),
            ["faults of storage"] = room.Log.All.Count(trouble => trouble.Digests.Contains(layer) && IsOfLayers(trouble)),
        };
    }

    private bool WasInVain(BlobReading reading) => _kills.Any(kill => kill >= reading.Begin && kill <= (reading.End ?? reading.Begin) + UntilKept);

    // Of the tables of layers, that is: a job says of its layers only how far they are.
    private static bool IsOfLayers(Trouble trouble) =>
        trouble.Kind.StartsWith("storage", StringComparison.Ordinal) && !trouble.Kind.EndsWith(nameof(StorageFault.Slow), StringComparison.Ordinal)
        && (trouble.What.Contains("Layers", StringComparison.Ordinal) || trouble.What.Contains("LayerContent", StringComparison.Ordinal));
}
