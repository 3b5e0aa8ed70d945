using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.Policy</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/policy.proto).</summary>
public sealed record WirePolicy
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string Rationale { get; init; } = "";

    public string Remediation { get; init; } = "";

    public bool Disabled { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<WireLifecycleStage> LifecycleStages { get; init; } = [];

    public WireEventSource EventSource { get; init; }

    public IReadOnlyList<WireExclusion> Exclusions { get; init; } = [];

    /// <summary>Empty: scopes are about deployments.</summary>
    public IReadOnlyList<WireEmpty> Scope { get; init; } = [];

    public WirePolicySeverity Severity { get; init; }

    public IReadOnlyList<WireEnforcementAction> EnforcementActions { get; init; } = [];

    /// <summary>Empty: nobody is notified.</summary>
    public IReadOnlyList<string> Notifiers { get; init; } = [];

    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>Empty: StackRox's own use.</summary>
    [JsonPropertyName("SORTName")]
    public string SortName { get; init; } = "";

    /// <summary>Empty: StackRox's own use.</summary>
    [JsonPropertyName("SORTLifecycleStage")]
    public string SortLifecycleStage { get; init; } = "";

    /// <summary>Empty: StackRox's own use.</summary>
    [JsonPropertyName("SORTEnforcement")]
    public bool SortEnforcement { get; init; }

    public string PolicyVersion { get; init; } = "";

    public IReadOnlyList<WirePolicySection> PolicySections { get; init; } = [];

    /// <summary>Empty: tactics are about what runs.</summary>
    public IReadOnlyList<WireEmpty> MitreAttackVectors { get; init; } = [];

    /// <summary>Policies are files here, so they are locked.</summary>
    public bool CriteriaLocked { get; init; }

    public bool MitreVectorsLocked { get; init; }

    public bool IsDefault { get; init; }
}

/// <summary><c>storage.PolicySection</c>.</summary>
public sealed record WirePolicySection(string SectionName, IReadOnlyList<WirePolicyGroup> PolicyGroups);

/// <summary><c>storage.PolicyGroup</c>.</summary>
public sealed record WirePolicyGroup(string FieldName, WireBooleanOperator BooleanOperator, bool Negate, IReadOnlyList<WirePolicyValue> Values);

/// <summary><c>storage.PolicyValue</c>.</summary>
public sealed record WirePolicyValue(string Value);

/// <summary><c>storage.Exclusion</c>.</summary>
public sealed record WireExclusion
{
    public string Name { get; init; } = "";

    /// <summary>Null: only images are excluded here.</summary>
    public WireEmpty? Deployment { get; init; }

    public WireExcludedImages? Image { get; init; }

    public DateTimeOffset? Expiration { get; init; }
}

/// <summary><c>storage.Exclusion.Image</c>.</summary>
public sealed record WireExcludedImages(string Name);

/// <summary><c>v1.ListPoliciesResponse</c>.</summary>
public sealed record WireListPolicies(IReadOnlyList<WireListPolicy> Policies);

/// <summary><c>storage.ListPolicy</c>.</summary>
public sealed record WireListPolicy
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public WirePolicySeverity Severity { get; init; }

    public bool Disabled { get; init; }

    public IReadOnlyList<WireLifecycleStage> LifecycleStages { get; init; } = [];

    public IReadOnlyList<string> Notifiers { get; init; } = [];

    public DateTimeOffset? LastUpdated { get; init; }

    public WireEventSource EventSource { get; init; }

    public bool IsDefault { get; init; }
}

/// <summary><c>storage.LifecycleStage</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireLifecycleStage>))]
public enum WireLifecycleStage
{
    Deploy,
    Build,
    Runtime,
}

/// <summary><c>storage.EventSource</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireEventSource>))]
public enum WireEventSource
{
    NotApplicable,
    DeploymentEvent,
    AuditLogEvent,
}

/// <summary><c>storage.Severity</c>, of policies.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WirePolicySeverity>))]
public enum WirePolicySeverity
{
    UnsetSeverity,
    LowSeverity,
    MediumSeverity,
    HighSeverity,
    CriticalSeverity,
}

/// <summary><c>storage.BooleanOperator</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireBooleanOperator>))]
public enum WireBooleanOperator
{
    Or,
    And,
}

/// <summary><c>storage.EnforcementAction</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireEnforcementAction>))]
public enum WireEnforcementAction
{
    UnsetEnforcement,
    ScaleToZeroEnforcement,
    UnsatisfiableNodeConstraintEnforcement,
    KillPodEnforcement,
    FailBuildEnforcement,
    FailKubeRequestEnforcement,
    FailDeploymentCreateEnforcement,
    FailDeploymentUpdateEnforcement,
}
