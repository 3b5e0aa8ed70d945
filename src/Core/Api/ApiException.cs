using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>A request that ends with an error body.</summary>
public sealed class ApiException : Exception
{
    // Long enough for a queue to move on, short enough for a pipeline that waits.
    private static readonly TimeSpan UsualRetry = TimeSpan.FromSeconds(30);

    /// <param name="code">What kind of error it is; the HTTP status follows from it.</param>
    /// <param name="message">What the caller reads.</param>
    /// <param name="retryAfter">
    /// When it is worth asking again; null for the usual 30 s, <see cref="Timeout.InfiniteTimeSpan"/> if it is not, and never said but with 429 and 504.
    /// </param>
    public ApiException(GrpcCode code, string message, TimeSpan? retryAfter = null)
        : base(message)
    {
        Code = code;
        bool isWorthIt = code is GrpcCode.ResourceExhausted or GrpcCode.DeadlineExceeded && retryAfter != Timeout.InfiniteTimeSpan;
        RetryAfter = isWorthIt ? WholeSeconds(retryAfter ?? UsualRetry) : null;
    }

    public GrpcCode Code { get; }

    /// <summary>When to ask again, in whole seconds, at least one; null unless the status is 429 or 504 and it is worth it.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The body that says so.</summary>
    public WireError ToBody() => new(
        Message,
        (int)Code,
        Message,
        RetryAfter is { } delay ? [new WireRetry($"{(long)delay.TotalSeconds}s")] : []);

    private static TimeSpan WholeSeconds(TimeSpan delay) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(delay.TotalSeconds)));
}
