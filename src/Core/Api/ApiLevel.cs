using System.Text.Json.Serialization;

namespace ImageScan.Core.Api;

/// <summary>
/// Whose API answers are like. A later one has more fields, and JSON of another writer (grpc-gateway 2 since 4.6). The numbers are those of
/// releases: 409 is 4.9.
/// </summary>
public enum ApiLevel
{
    /// <summary>RHACS 4.5.</summary>
    [JsonStringEnumMemberName("4.5")]
    Release45 = 405,

    /// <summary>RHACS 4.9.</summary>
    [JsonStringEnumMemberName("4.9")]
    Release49 = 409,

    /// <summary>StackRox as it is developed, on the way to 4.12 in August 2026.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest = 412,
}
