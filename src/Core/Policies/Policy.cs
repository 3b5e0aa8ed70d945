namespace ImageScan.Core.Policies;

/// <summary>
/// What an image must not be, in the form in which StackRox exports policies, as far as images go
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/policy.proto). An image violates it if it fits one of its sections.
/// </summary>
public sealed record Policy
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Why it is there.</summary>
    public string Rationale { get; init; } = "";

    /// <summary>What to do about it.</summary>
    public string Remediation { get; init; } = "";

    /// <summary>Whether nobody looks at it.</summary>
    public bool Disabled { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<LifecycleStage> LifecycleStages { get; init; } = [];

    /// <summary>Images of which nothing is said.</summary>
    public IReadOnlyList<PolicyExclusion> Exclusions { get; init; } = [];

    public PolicySeverity Severity { get; init; }

    public IReadOnlyList<EnforcementAction> EnforcementActions { get; init; } = [];

    public string PolicyVersion { get; init; } = "";

    public IReadOnlyList<PolicySection> PolicySections { get; init; } = [];

    /// <summary>Whether it came with the app, or with StackRox.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether it says something about images that are built.</summary>
    internal bool IsForBuilds => LifecycleStages.Contains(LifecycleStage.Build);

    /// <summary>Whether a build that violates it is to fail.</summary>
    internal bool FailsBuilds => EnforcementActions.Contains(EnforcementAction.FailBuildEnforcement);
}

/// <summary>What must all be true of an image, or of one and the same part of it.</summary>
public sealed record PolicySection
{
    public string SectionName { get; init; } = "";

    public IReadOnlyList<PolicyGroup> PolicyGroups { get; init; } = [];
}

/// <summary>One criterion with its values.</summary>
public sealed record PolicyGroup
{
    /// <summary>The criterion.</summary>
    public string FieldName { get; init; } = "";

    /// <summary>Whether one value must fit, or all.</summary>
    public BooleanOperator BooleanOperator { get; init; }

    /// <summary>Whether the opposite is meant.</summary>
    public bool Negate { get; init; }

    public IReadOnlyList<PolicyValue> Values { get; init; } = [];
}

/// <summary>One value of a criterion.</summary>
public sealed record PolicyValue
{
    public string Value { get; init; } = "";
}

/// <summary>What a policy does not speak of. Deployments have no meaning here; they are passed over.</summary>
public sealed record PolicyExclusion
{
    public string Name { get; init; } = "";

    public ExcludedImages? Image { get; init; }

    /// <summary>Until when; null for ever.</summary>
    public DateTimeOffset? Expiration { get; init; }
}

/// <summary>Images by how their full names begin.</summary>
public sealed record ExcludedImages
{
    public string Name { get; init; } = "";
}

/// <summary><c>storage.LifecycleStage</c>.</summary>
public enum LifecycleStage
{
    Deploy,
    Build,
    Runtime,
}

/// <summary><c>storage.Severity</c>.</summary>
public enum PolicySeverity
{
    UnsetSeverity,
    LowSeverity,
    MediumSeverity,
    HighSeverity,
    CriticalSeverity,
}

/// <summary><c>storage.BooleanOperator</c>.</summary>
public enum BooleanOperator
{
    Or,
    And,
}

/// <summary><c>storage.EnforcementAction</c>; only the failing of builds has a meaning here.</summary>
public enum EnforcementAction
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
