using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.CVSSV3</c>.</summary>
public sealed record WireCvssV3
{
    public string Vector { get; init; } = "";

    public float ExploitabilityScore { get; init; }

    public float ImpactScore { get; init; }

    public V3AttackVector AttackVector { get; init; }

    public V3Complexity AttackComplexity { get; init; }

    public V3Privileges PrivilegesRequired { get; init; }

    public V3UserInteraction UserInteraction { get; init; }

    public V3Scope Scope { get; init; }

    public V3Impact Confidentiality { get; init; }

    public V3Impact Integrity { get; init; }

    public V3Impact Availability { get; init; }

    public float Score { get; init; }

    public V3Severity Severity { get; init; }
}

/// <summary><c>storage.CVSSV3.AttackVector</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3AttackVector>))]
public enum V3AttackVector
{
    AttackLocal,
    AttackAdjacent,
    AttackNetwork,
    AttackPhysical,
}

/// <summary><c>storage.CVSSV3.Complexity</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3Complexity>))]
public enum V3Complexity
{
    ComplexityLow,
    ComplexityHigh,
}

/// <summary><c>storage.CVSSV3.Privileges</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3Privileges>))]
public enum V3Privileges
{
    PrivilegeNone,
    PrivilegeLow,
    PrivilegeHigh,
}

/// <summary><c>storage.CVSSV3.UserInteraction</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3UserInteraction>))]
public enum V3UserInteraction
{
    UiNone,
    UiRequired,
}

/// <summary><c>storage.CVSSV3.Scope</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3Scope>))]
public enum V3Scope
{
    Unchanged,
    Changed,
}

/// <summary><c>storage.CVSSV3.Impact</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3Impact>))]
public enum V3Impact
{
    ImpactNone,
    ImpactLow,
    ImpactHigh,
}

/// <summary><c>storage.CVSSV3.Severity</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<V3Severity>))]
public enum V3Severity
{
    Unknown,
    None,
    Low,
    Medium,
    High,
    Critical,
}
