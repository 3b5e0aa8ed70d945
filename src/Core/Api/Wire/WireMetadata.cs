namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.ImageMetadata</c>.</summary>
public sealed record WireMetadata
{
    public WireV1Metadata? V1 { get; init; }

    public WireV2Metadata? V2 { get; init; }

    public IReadOnlyList<string> LayerShas { get; init; } = [];

    public WireDataSource? DataSource { get; init; }

    public ulong Version { get; init; }
}

/// <summary><c>storage.V1Metadata</c>: what the configuration blob says.</summary>
public sealed record WireV1Metadata
{
    public string Digest { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    public string Author { get; init; } = "";

    public IReadOnlyList<WireLayer> Layers { get; init; } = [];

    public string User { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Volumes { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary><c>storage.V2Metadata</c>: the manifest's digest.</summary>
public sealed record WireV2Metadata
{
    public string Digest { get; init; } = "";
}

/// <summary><c>storage.ImageLayer</c>: one step of the image's history.</summary>
public sealed record WireLayer
{
    public string Instruction { get; init; } = "";

    public string Value { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    public string Author { get; init; } = "";

    public bool Empty { get; init; }
}

/// <summary><c>storage.DataSource</c>: the integration that something came from.</summary>
public sealed record WireDataSource
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Mirror { get; init; } = "";
}
