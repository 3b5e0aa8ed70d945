using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>v2.VulnerabilityException</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v2/vuln_exception_service.proto).
/// </summary>
public sealed record WireException
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public VulnerabilityState TargetState { get; init; }

    public WireExceptionStatus Status { get; init; }

    public bool Expired { get; init; }

    public WireSlimUser? Requester { get; init; }

    public IReadOnlyList<WireSlimUser> Approvers { get; init; } = [];

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? LastUpdated { get; init; }

    public IReadOnlyList<WireExceptionComment> Comments { get; init; } = [];

    public WireExceptionScope? Scope { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireDeferral? DeferralRequest { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireEmpty? FalsePositiveRequest { get; init; }

    public IReadOnlyList<string> Cves { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireDeferralUpdate? DeferralUpdate { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WireFalsePositiveUpdate? FalsePositiveUpdate { get; init; }
}

/// <summary>The answer of all calls that are about one exception; its field has the same name in each.</summary>
public sealed record WireExceptionAnswer(WireException? Exception);

/// <summary><c>v2.ListVulnerabilityExceptionsResponse</c>.</summary>
public sealed record WireExceptions(IReadOnlyList<WireException> Exceptions);

/// <summary><c>v2.SlimUser</c>, and <c>SlimUser</c>, <c>Requester</c> and <c>Approver</c> of <c>storage</c>.</summary>
public sealed record WireSlimUser(string Id, string Name);

/// <summary><c>v2.Comment</c>, and <c>storage.RequestComment</c>.</summary>
public sealed record WireExceptionComment(string Id, string Message, WireSlimUser? User, DateTimeOffset? CreatedAt);

/// <summary><c>v2.VulnerabilityException.Scope</c>.</summary>
public sealed record WireExceptionScope(WireImageScope? ImageScope);

/// <summary><c>v2.VulnerabilityException.Scope.Image</c>, and that of <c>storage.VulnerabilityRequest</c>.</summary>
public sealed record WireImageScope(string Registry, string Remote, string Tag);

/// <summary><c>v2.DeferralRequest</c>.</summary>
public sealed record WireDeferral(WireExceptionExpiry? Expiry);

/// <summary><c>v2.ExceptionExpiry</c>.</summary>
public sealed record WireExceptionExpiry(WireExpiryType ExpiryType, DateTimeOffset? ExpiresOn);

/// <summary><c>v2.DeferralUpdate</c>.</summary>
public sealed record WireDeferralUpdate(IReadOnlyList<string> Cves, WireExceptionExpiry? Expiry);

/// <summary><c>v2.FalsePositiveUpdate</c>.</summary>
public sealed record WireFalsePositiveUpdate(IReadOnlyList<string> Cves);

/// <summary><c>v2.ExceptionStatus</c>, and <c>storage.RequestStatus</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireExceptionStatus>))]
public enum WireExceptionStatus
{
    Pending,
    Approved,
    Denied,
    ApprovedPendingUpdate,
}

/// <summary><c>v2.ExceptionExpiry.ExpiryType</c>, and <c>storage.RequestExpiry.ExpiryType</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireExpiryType>))]
public enum WireExpiryType
{
    Time,
    AllCveFixable,
    AnyCveFixable,
}
