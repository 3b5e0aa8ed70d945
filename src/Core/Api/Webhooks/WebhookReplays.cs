namespace ImageScan.Core.Api.Webhooks;

/// <summary>The signed requests that were taken lately, in this instance: each counts once. Memory is bounded, the oldest are forgotten first.</summary>
internal sealed class WebhookReplays(TimeSpan window, TimeProvider time)
{
    /// <summary>How many are remembered.</summary>
    public const int MaxRemembered = 20_000;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _order = new();
    private readonly Lock _lock = new();

    /// <summary>Whether a time is as near to ours as it must be.</summary>
    public bool IsRecent(DateTimeOffset signedAt) => (time.GetUtcNow() - signedAt).Duration() <= window;

    /// <summary>Remembers a request; false if it was taken before.</summary>
    public bool TryAdd(string id)
    {
        lock (_lock)
        {
            // A time ahead of ours is taken for one window, too, so it is remembered for two.
            while (_order.TryPeek(out (string Id, long At) oldest) && (time.GetElapsedTime(oldest.At) > window * 2 || _order.Count >= MaxRemembered))
            {
                _order.Dequeue();
                _known.Remove(oldest.Id);
            }

            if (!_known.Add(id))
            {
                return false;
            }

            _order.Enqueue((id, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Forgets a request that could not be done, so that it may come again.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _known.Remove(id);
        }
    }
}
