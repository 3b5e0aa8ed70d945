using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What becomes of an exception when somebody decides about it or time passes
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/datastore/datastore_impl.go). Nothing here asks whether it
/// may be.
/// </summary>
public static class ExceptionLife
{
    /// <summary>Whether its time is over. StackRox compares days and looks once an hour; here it is the moment.</summary>
    public static bool IsOverAt(this VulnerabilityException exception, DateTimeOffset now) =>
        exception.Expiry is { Kind: ExceptionExpiryKind.Time, ExpiresOn: { } end } && end <= now;

    /// <summary>As it counts at a moment: one in force whose time is over is expired, also before the timer has said so.</summary>
    public static VulnerabilityException At(this VulnerabilityException exception, DateTimeOffset now) =>
        exception.IsInForce && exception.IsOverAt(now) ? exception with { IsExpired = true } : exception;

    /// <summary>A new one, which waits for a decision.</summary>
    public static VulnerabilityException Asked(NewException asked, string name, ExceptionActor requester, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Name = name,
        Target = asked.Target,
        Requester = requester,
        CreatedAt = now,
        LastUpdated = now,
        Comments = [CommentOf(asked.Comment, requester, now)],
        Scope = asked.Scope!,
        Expiry = asked.Expiry,
        Cves = asked.Cves,
    };

    /// <summary>It is approved: itself if it is pending, else its update, which takes the place of the old values.</summary>
    public static VulnerabilityException Approved(this VulnerabilityException exception, string comment, ExceptionActor approver, DateTimeOffset now)
    {
        VulnerabilityException decided = exception.Decided(comment, approver, now) with { Status = ExceptionStatus.Approved };
        return exception.Update is not { } update ? decided : decided with { Cves = update.Cves, Expiry = update.Expiry, Update = null };
    }

    /// <summary>It is denied: itself if it is pending, else only its update.</summary>
    public static VulnerabilityException Denied(this VulnerabilityException exception, string comment, ExceptionActor approver, DateTimeOffset now)
    {
        VulnerabilityException decided = exception.Decided(comment, approver, now);
        return exception.Status == ExceptionStatus.ApprovedPendingUpdate
            ? decided with { Status = ExceptionStatus.Approved, Update = null }
            : decided with { Status = ExceptionStatus.Denied, IsExpired = true };
    }

    /// <summary>It is to be changed: at once while it is pending, else when that is approved; a change that was pending is forgotten.</summary>
    public static VulnerabilityException Updated(
        this VulnerabilityException exception, ExceptionUpdate update, string comment, ExceptionActor author, DateTimeOffset now)
    {
        VulnerabilityException commented = exception.Commented(comment, author, now);
        return exception.Status == ExceptionStatus.Pending
            ? commented with { Cves = update.Cves, Expiry = update.Expiry }
            : commented with { Status = ExceptionStatus.ApprovedPendingUpdate, Update = update };
    }

    /// <summary>It is over, and acts no longer.</summary>
    public static VulnerabilityException Ended(this VulnerabilityException exception, string comment, ExceptionActor? author, DateTimeOffset now) =>
        exception.Commented(comment, author, now) with { IsExpired = true };

    /// <summary>A change that was pending is taken back.</summary>
    public static VulnerabilityException WithoutUpdate(this VulnerabilityException exception) =>
        exception with { Status = ExceptionStatus.Approved, Update = null };

    /// <summary>Whether an update would leave everything as it is; the order of the CVEs does not count.</summary>
    public static bool IsSameAs(this ExceptionUpdate update, VulnerabilityException exception) =>
        update.Expiry == exception.Expiry && update.Cves.Order(StringComparer.Ordinal).SequenceEqual(exception.Cves.Order(StringComparer.Ordinal));

    private static VulnerabilityException Decided(this VulnerabilityException exception, string comment, ExceptionActor approver, DateTimeOffset now) =>
        exception.Commented(comment, approver, now) with { Approvers = [.. exception.Approvers, approver] };

    private static VulnerabilityException Commented(this VulnerabilityException exception, string comment, ExceptionActor? author, DateTimeOffset now) =>
        exception with { LastUpdated = now, Comments = [.. exception.Comments, CommentOf(comment, author, now)] };

    private static ExceptionComment CommentOf(string message, ExceptionActor? author, DateTimeOffset now) =>
        new(Guid.NewGuid().ToString(), message, author, now);
}
