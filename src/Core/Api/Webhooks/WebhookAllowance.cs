namespace ImageScan.Core.Api.Webhooks;

/// <summary>How many requests of each webhook this instance takes in a minute (<see cref="WebhookLimits.RequestsPerMinute"/>).</summary>
public sealed class WebhookAllowance(WebhookLimits limits, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (long Since, int Count)> _windows = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Counts one request. The time until the next is taken if that was too many; null if not.</summary>
    /// <param name="provider">The webhook; there are few.</param>
    public TimeSpan? Add(string provider)
    {
        if (limits.RequestsPerMinute == 0)
        {
            return null;
        }

        lock (_lock)
        {
            bool isKnown = _windows.TryGetValue(provider, out (long Since, int Count) window);
            TimeSpan age = isKnown ? time.GetElapsedTime(window.Since) : Window;
            window = age < Window ? window with { Count = window.Count + 1 } : (time.GetTimestamp(), 1);
            _windows[provider] = window;
            return window.Count > limits.RequestsPerMinute ? Window - age : null;
        }
    }
}
