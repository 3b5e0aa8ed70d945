using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.CVSSScore</c>; one of its scores is set.</summary>
public sealed record WireCvssScore
{
    public CvssScoreSource Source { get; init; }

    public string Url { get; init; } = "";

    [JsonPropertyName("cvssv2"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireCvssV2? CvssV2 { get; init; }

    [JsonPropertyName("cvssv3"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireCvssV3? CvssV3 { get; init; }
}

/// <summary><c>storage.Source</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<CvssScoreSource>))]
public enum CvssScoreSource
{
    SourceUnknown,
    SourceRedHat,
    SourceOsv,
    SourceNvd,
}
