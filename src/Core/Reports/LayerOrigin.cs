using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Reports;

/// <summary>The layer that brought a package.</summary>
/// <param name="Digest">Of the layer as it is in the registry.</param>
/// <param name="Step">Its place in the image's history, empty steps counted, as in a scan's <c>layerIndex</c>; null if the history is shorter.</param>
/// <param name="Instruction">The Dockerfile's instruction that made it; null without a step.</param>
internal sealed record LayerOrigin(string Digest, int? Step, string? Instruction)
{
    /// <summary>The origins of an image's layers, in the order of the manifest.</summary>
    public static IReadOnlyList<LayerOrigin> AllOf(Scan scan)
    {
        IReadOnlyList<int> steps = ImageHistory.LayerIndexes(scan.Config);
        return [.. scan.Manifest.Layers.Select((layer, i) => Of(layer, i < steps.Count ? steps[i] : null, scan.Config))];
    }

    private static LayerOrigin Of(Descriptor layer, int? step, ImageConfig config)
    {
        if (step is not { } place)
        {
            return new LayerOrigin(layer.Digest.ToString(), null, null);
        }

        (string instruction, string value) = ImageHistory.SplitStep(config.History[place].CreatedBy);
        return new LayerOrigin(layer.Digest.ToString(), place, $"{instruction} {value}");
    }
}
