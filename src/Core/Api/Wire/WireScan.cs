using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.ImageScan</c>.</summary>
public sealed record WireScan
{
    public string ScannerVersion { get; init; } = "";

    public DateTimeOffset? ScanTime { get; init; }

    public IReadOnlyList<WireComponent> Components { get; init; } = [];

    public string OperatingSystem { get; init; } = "";

    public WireDataSource? DataSource { get; init; }

    public IReadOnlyList<ScanNote> Notes { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Hash { get; init; }
}

/// <summary><c>storage.ImageScan.Note</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<ScanNote>))]
public enum ScanNote
{
    Unset,
    OsUnavailable,
    PartialScanData,
    OsCvesUnavailable,
    OsCvesStale,
    LanguageCvesUnavailable,
    CertifiedRhelScanUnavailable,
}
