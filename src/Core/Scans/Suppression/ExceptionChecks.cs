using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What a request for an exception must have, in StackRox's words and in its order
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/validator/validate.go), then our own bounds.
/// </summary>
public static class ExceptionChecks
{
    /// <summary>Throws <see cref="SuppressionRefusedException"/> with all that is wrong.</summary>
    public static void EnsureValid(NewException asked)
    {
        string[] wrong = [.. ReasonsAgainst(asked)];
        if (wrong.Length > 0)
        {
            throw Invalid($"invalid arguments: {ListOf(wrong)}: invalid arguments");
        }

        EnsureWithinLimits(asked.Cves, asked.Comment);
        ExceptionScope scope = asked.Scope!;
        if (new[] { scope.Registry, scope.Remote, scope.Tag }.Any(part => part.Length > ExceptionBounds.ScopeCharacters))
        {
            throw Invalid($"a part of a scope may have at most {ExceptionBounds.ScopeCharacters} characters: invalid arguments");
        }
    }

    /// <summary>Throws <see cref="SuppressionRefusedException"/> with the first that is wrong.</summary>
    public static void EnsureValidUpdate(string comment, ExceptionUpdate update)
    {
        if (comment.Length == 0)
        {
            throw Invalid("invalid arguments: comment is required");
        }

        if (update.Cves.Count == 0)
        {
            throw Invalid("invalid arguments: all CVEs cannot be removed from the request");
        }

        EnsureWithinLimits(update.Cves, comment);
    }

    /// <summary>Throws <see cref="SuppressionRefusedException"/> if there is no comment, or a very long one.</summary>
    public static void EnsureDecisionComment(string comment)
    {
        if (comment.Length == 0)
        {
            throw Invalid("comment must be provided: invalid arguments");
        }

        EnsureWithinLimits([], comment);
    }

    /// <summary>Throws <see cref="SuppressionRefusedException"/> for more than is kept.</summary>
    public static void EnsureWithinLimits(IReadOnlyList<string> cves, string comment)
    {
        if (cves.Count > ExceptionBounds.Cves)
        {
            throw Invalid($"at most {ExceptionBounds.Cves} CVEs may be given at once, not {cves.Count}: invalid arguments");
        }

        if (cves.Any(cve => cve.Length > ExceptionBounds.CveCharacters))
        {
            throw Invalid($"the name of a CVE may have at most {ExceptionBounds.CveCharacters} characters: invalid arguments");
        }

        if (comment.Length > ExceptionBounds.CommentCharacters)
        {
            throw Invalid($"a comment may have at most {ExceptionBounds.CommentCharacters} characters: invalid arguments");
        }
    }

    private static IEnumerable<string> ReasonsAgainst(NewException asked)
    {
        if (asked.Comment.Length == 0)
        {
            yield return "vulnerability exception must have at least one comment";
        }

        if (asked is { Target: ExceptionTarget.Deferred, Expiry: null })
        {
            yield return "vulnerability deferral request invalid. Deferral expiry not provided";
        }

        if (ReasonAgainst(asked.Scope) is { } scope)
        {
            yield return scope;
        }

        if (asked.Cves.Count == 0)
        {
            yield return "request must indicate the vulnerabilities for which request is opened";
        }
    }

    private static string? ReasonAgainst(ExceptionScope? scope) => scope switch
    {
        null => "vulnerability exception must have scope",
        { IsStatedGlobal: true } => null,
        { Registry: "" } => "vulnerability exception with image scope must have image registry",
        { Remote: "" } => "vulnerability exception with image scope must have image name",
        _ when NamedBy(scope) is { } name && !ImageReference.TryParse(name, out _, out _) =>
            $"vulnerability exception has invalid image scope {HostileText.Plain(name, ExceptionBounds.ScopeCharacters)}",
        _ => null,
    };

    // The name that StackRox reads as a reference: a tag makes one also of wildcards, which is how it refuses a tag of any repository.
    private static string? NamedBy(ExceptionScope scope) => scope switch
    {
        { Tag: not (ExceptionScope.Any or "") } => $"{scope.Registry}/{scope.Remote}:{scope.Tag}",
        { Registry: not ExceptionScope.Any, Remote: not ExceptionScope.Any } => $"{scope.Registry}/{scope.Remote}",
        _ => null,
    };

    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/errorhelpers/format.go, with nothing before its first blank.
    private static string ListOf(string[] reasons) => reasons.Length == 1 ? $" error: {reasons[0]}" : $" errors: [{string.Join(", ", reasons)}]";

    private static SuppressionRefusedException Invalid(string message) => new(SuppressionRefusal.Invalid, message);
}

/// <summary>What somebody asks for.</summary>
public sealed record NewException
{
    public required ExceptionTarget Target { get; init; }

    public required IReadOnlyList<string> Cves { get; init; }

    public required string Comment { get; init; }

    /// <summary>Null if none was given.</summary>
    public ExceptionScope? Scope { get; init; }

    /// <summary>When a deferral ends; null if that was not given, and for a false positive.</summary>
    public ExceptionExpiry? Expiry { get; init; }
}
