using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>v1.BuildDetectionResponse</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/detection_service.proto).</summary>
public sealed record WireBuildDetection(IReadOnlyList<WireAlert> Alerts);

/// <summary>
/// <c>storage.Alert</c> about an image, as build-time detection fills it: an id of its own, policy, stage, image, violations and time, and nothing else
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/alert.proto).
/// </summary>
public sealed record WireAlert
{
    public string Id { get; init; } = "";

    public WirePolicy? Policy { get; init; }

    public WireLifecycleStage LifecycleStage { get; init; }

    public string ClusterId { get; init; } = "";

    public string ClusterName { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string NamespaceId { get; init; } = "";

    /// <summary>The one kind of entity that alerts of builds are about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireContainerImage? Image { get; init; }

    public IReadOnlyList<WireViolation> Violations { get; init; } = [];

    public WireEmpty? ProcessViolation { get; init; }

    public WireEmpty? Enforcement { get; init; }

    public DateTimeOffset? Time { get; init; }

    public DateTimeOffset? FirstOccurred { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public WireViolationState State { get; init; }

    public DateTimeOffset? SnoozeTill { get; init; }
}

/// <summary><c>storage.ContainerImage</c>.</summary>
public sealed record WireContainerImage
{
    public string Id { get; init; } = "";

    public WireImageName? Name { get; init; }

    public bool NotPullable { get; init; }

    public bool IsClusterLocal { get; init; }
}

/// <summary><c>storage.Alert.Violation</c>.</summary>
public sealed record WireViolation
{
    public string Message { get; init; } = "";

    public WireViolationType Type { get; init; }

    public DateTimeOffset? Time { get; init; }
}

/// <summary><c>storage.Alert.Violation.Type</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireViolationType>))]
public enum WireViolationType
{
    Generic,
    K8sEvent,
    NetworkFlow,
    NetworkPolicy,
}

/// <summary><c>storage.ViolationState</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireViolationState>))]
public enum WireViolationState
{
    Active,
    Snoozed,
    Resolved,
    Attempted,
}
