using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.EmbeddedImageScanComponent</c>.</summary>
public sealed record WireComponent
{
    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    public WireLicense? License { get; init; }

    public IReadOnlyList<WireVulnerability> Vulns { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LayerIndex { get; init; }

    public long Priority { get; init; }

    public ComponentSource Source { get; init; }

    public string Location { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopCvss { get; init; }

    public float RiskScore { get; init; }

    public string FixedBy { get; init; } = "";

    public IReadOnlyList<WireExecutable> Executables { get; init; } = [];

    [Since(4, 8)]
    public string Architecture { get; init; } = "";
}

/// <summary><c>storage.License</c>.</summary>
public sealed record WireLicense
{
    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public string Url { get; init; } = "";
}

/// <summary><c>storage.EmbeddedImageScanComponent.Executable</c>.</summary>
public sealed record WireExecutable
{
    public string Path { get; init; } = "";

    public IReadOnlyList<string> Dependencies { get; init; } = [];
}

/// <summary><c>storage.SourceType</c>, with proto's numbers.</summary>
[JsonConverter(typeof(ProtoEnumConverter<ComponentSource>))]
public enum ComponentSource
{
    Os = 0,
    Python = 1,
    Java = 2,
    Ruby = 3,
    Nodejs = 4,
    Dotnetcoreruntime = 5,
    Infrastructure = 6,
    Go = 7,
}
