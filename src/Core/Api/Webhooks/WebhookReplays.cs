namespace ImageScan.Core.Api.Webhooks;

/// <summary>The signed requests that were taken lately, in this instance: each counts once. Memory is bounded, the oldest are forgotten first.</summary>
internal sealed class WebhookReplays(TimeSpan window, TimeProvider time)
{
    /// <summary>How many are remembered.</summary>
    public const int MaxRemembered = 20_000;

    private readonly Dictionary<string, Request> _known = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _order = new();
    private readonly Lock _lock = new();

    /// <summary>Whether a time is as near to ours as it must be.</summary>
    public bool IsRecent(DateTimeOffset signedAt) => (time.GetUtcNow() - signedAt).Duration() <= window;

    /// <summary>Remembers a request, and says whether it has come before.</summary>
    public Repetition Begin(string id)
    {
        lock (_lock)
        {
            // A time ahead of ours is taken for one window, too, so it is remembered for two.
            while (_order.TryPeek(out (string Id, long At) oldest) && (time.GetElapsedTime(oldest.At) > window * 2 || _order.Count >= MaxRemembered))
            {
                _order.Dequeue();
                if (_known.TryGetValue(oldest.Id, out Request? request) && request.At == oldest.At)
                {
                    _known.Remove(oldest.Id);
                }
            }

            if (_known.TryGetValue(id, out Request? known))
            {
                return known.IsDone ? Repetition.Done : Repetition.InWork;
            }

            long now = time.GetTimestamp();
            _known.Add(id, new Request(now));
            _order.Enqueue((id, now));
            return Repetition.None;
        }
    }

    /// <summary>Notes that a request is done, or forgets it, so that it may come again.</summary>
    public void End(string id, bool isDone)
    {
        lock (_lock)
        {
            if (!isDone)
            {
                _known.Remove(id);
            }
            else if (_known.TryGetValue(id, out Request? request))
            {
                request.IsDone = true;
            }
        }
    }

    private sealed class Request(long at)
    {
        public long At => at;

        public bool IsDone { get; set; }
    }
}

/// <summary>Whether a signed request has come before.</summary>
internal enum Repetition
{
    None,

    /// <summary>It is worked on.</summary>
    InWork,

    /// <summary>It was taken.</summary>
    Done,
}
