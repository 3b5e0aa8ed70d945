using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.CVSSV2</c>.</summary>
public sealed record WireCvssV2
{
    public string Vector { get; init; } = "";

    public V2AttackVector AttackVector { get; init; }

    public V2AccessComplexity AccessComplexity { get; init; }

    public V2Authentication Authentication { get; init; }

    public V2Impact Confidentiality { get; init; }

    public V2Impact Integrity { get; init; }

    public V2Impact Availability { get; init; }

    public float ExploitabilityScore { get; init; }

    public float ImpactScore { get; init; }

    public float Score { get; init; }

    public V2Severity Severity { get; init; }
}

/// <summary><c>storage.CVSSV2.AttackVector</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V2AttackVector>))]
public enum V2AttackVector
{
    AttackLocal,
    AttackAdjacent,
    AttackNetwork,
}

/// <summary><c>storage.CVSSV2.AccessComplexity</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V2AccessComplexity>))]
public enum V2AccessComplexity
{
    AccessHigh,
    AccessMedium,
    AccessLow,
}

/// <summary><c>storage.CVSSV2.Authentication</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V2Authentication>))]
public enum V2Authentication
{
    AuthMultiple,
    AuthSingle,
    AuthNone,
}

/// <summary><c>storage.CVSSV2.Impact</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V2Impact>))]
public enum V2Impact
{
    ImpactNone,
    ImpactPartial,
    ImpactComplete,
}

/// <summary><c>storage.CVSSV2.Severity</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V2Severity>))]
public enum V2Severity
{
    Unknown,
    Low,
    Medium,
    High,
}
