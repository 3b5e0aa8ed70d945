namespace ImageScan.Core.Images;

/// <summary>
/// What an image says of itself (https://github.com/opencontainers/image-spec/blob/main/config.md). Every text in it is hostile.
/// </summary>
public sealed record ImageConfig
{
    /// <summary>When the image was made; null if it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    public string Author { get; init; } = "";

    public string Os { get; init; } = "";

    public string Architecture { get; init; } = "";

    /// <summary>The variant of the architecture, <c>v7</c>; "" if it names none.</summary>
    public string Variant { get; init; } = "";

    public string User { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>The keys of the volumes map.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>How the image was made, oldest step first; also the steps that brought no layer.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>What a limit made us leave out (labels, history entries), one sentence each; empty when nothing was.</summary>
    public IReadOnlyList<string> Omissions { get; init; } = [];
}

/// <summary>One step of an image's making.</summary>
public sealed record HistoryEntry(DateTimeOffset? Created, string CreatedBy, string Author, bool EmptyLayer);
