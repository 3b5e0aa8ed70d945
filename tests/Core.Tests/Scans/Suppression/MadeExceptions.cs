using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Scans.Suppression;

/// <summary>Makes exceptions for tests; every value that matters is given by the test.</summary>
internal static class MadeExceptions
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static ExceptionActor Ann { get; } = new("token:ann", "Ann Archer");

    public static ExceptionActor Bob { get; } = new("token:bob", "Bob");

    public static VulnerabilityException Deferral(string id, ExceptionScope scope, params IReadOnlyList<string> cves) =>
        Of(id, scope, cves) with { Target = ExceptionTarget.Deferred, Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time) };

    public static VulnerabilityException FalsePositive(string id, ExceptionScope scope, params IReadOnlyList<string> cves) =>
        Of(id, scope, cves) with { Target = ExceptionTarget.FalsePositive };

    /// <summary>The scope as <c>registry/remote:tag</c>, each part a name without slash or colon, or a wildcard.</summary>
    public static ExceptionScope Scope(string text)
    {
        string[] parts = text.Split('/', ':');
        return new ExceptionScope(parts[0], parts[1], parts[2]);
    }

    private static VulnerabilityException Of(string id, ExceptionScope scope, IReadOnlyList<string> cves) => new()
    {
        Id = id,
        Name = $"AA-261126-{id}",
        Target = ExceptionTarget.Deferred,
        Status = ExceptionStatus.Approved,
        Requester = Ann,
        CreatedAt = Now.AddDays(-1),
        LastUpdated = Now.AddDays(-1),
        Scope = scope,
        Cves = cves,
    };
}
