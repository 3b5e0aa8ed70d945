using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// The metadata of an answer, from manifest and configuration
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/registries/docker/metadata_v1.go and metadata_v2.go).
/// </summary>
public static class ImageMetadataAnswer
{
    /// <summary>The metadata of a scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="registry">The host it came from; "" for an archive or a bare digest, which have no data source.</param>
    public static WireMetadata Of(Scan scan, string registry) => new()
    {
        V1 = V1Of(scan),
        V2 = scan.Manifest.Digest is { } digest ? new WireV2Metadata { Digest = digest.ToString() } : null,
        LayerShas = [.. scan.Manifest.Layers.Select(layer => layer.Digest.ToString())],
        DataSource = registry.Length > 0 ? DataSources.Of(scan, registry) : null,
    };

    // StackRox writes "now" where a time is missing; the time of the scan says as little and stays the same.
    private static WireV1Metadata V1Of(Scan scan) => new()
    {
        Digest = scan.Manifest.Config.Digest.ToString(),
        Created = scan.Config.Created ?? scan.ScannedAt,
        Author = scan.Config.History.Count > 0 ? scan.Config.History[^1].Author : scan.Config.Author,
        Layers = [.. scan.Config.History.Select(step => LayerOf(step, scan.ScannedAt))],
        User = scan.Config.User.Length > 0 ? scan.Config.User : "root",
        Command = scan.Config.Command,
        Entrypoint = scan.Config.Entrypoint,
        Volumes = [.. scan.Config.Volumes.Order(StringComparer.Ordinal)],
        // jsonpb sorts the keys of maps.
        Labels = new SortedDictionary<string, string>(scan.Config.Labels.ToDictionary(), StringComparer.Ordinal),
    };

    private static WireLayer LayerOf(HistoryEntry step, DateTimeOffset scannedAt)
    {
        (string instruction, string value) = ImageHistory.SplitStep(step.CreatedBy);
        return new WireLayer
        {
            Instruction = instruction,
            Value = value,
            Created = step.Created ?? scannedAt,
            Author = step.Author,
            Empty = step.EmptyLayer,
        };
    }
}
