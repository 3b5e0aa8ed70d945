namespace ImageScan.Core.Notifications;

/// <summary>
/// How long to wait before the next try: ten seconds, doubled each time to four hours, a fifth more or less so that not all come back at once.
/// </summary>
public static class BackOff
{
    /// <summary>Tries until a notification is given up: almost a day.</summary>
    public const int MaxAttempts = 16;

    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait, also where the receiver asks for more.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    private const double Jitter = 0.2;

    /// <summary>The wait after so many tries.</summary>
    /// <param name="attempts">Tries so far, this one included.</param>
    /// <param name="retryAfter">What the receiver asks for; it never makes the wait shorter.</param>
    /// <param name="chance">A number from 0 to 1.</param>
    public static TimeSpan After(int attempts, TimeSpan? retryAfter, double chance)
    {
        TimeSpan doubled = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20)) * (1 - Jitter + (2 * Jitter * chance));
        TimeSpan wait = retryAfter > doubled ? retryAfter.Value : doubled;
        return wait < Longest ? wait : Longest;
    }
}
