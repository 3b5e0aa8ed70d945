using System.Threading.RateLimiting;

namespace ImageScan.Core.Access;

/// <summary>
/// How many requests each caller may still send this minute, in this instance. Only callers who are known are counted, and one who has sent nothing for a
/// while takes no memory.
/// </summary>
public sealed class CallerAllowance : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string>? _limiter;

    public CallerAllowance(AccessSettings settings)
    {
        if (settings.RequestsPerMinute > 0)
        {
            // The limiter of all callers winds those up, and drops the ones that are idle.
            var limit = new FixedWindowRateLimiterOptions { PermitLimit = settings.RequestsPerMinute, Window = Window, QueueLimit = 0 };
            _limiter = PartitionedRateLimiter.Create<string, string>(
                caller => RateLimitPartition.GetFixedWindowLimiter(caller, _ => limit), StringComparer.Ordinal);
        }
    }

    /// <summary>Counts one request. The time until the caller may send the next if that was too many; null if not.</summary>
    public TimeSpan? Add(string callerId)
    {
        if (_limiter is null)
        {
            return null;
        }

        using RateLimitLease lease = _limiter.AttemptAcquire(callerId);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait
            : Window;
    }

    public void Dispose() => _limiter?.Dispose();
}
