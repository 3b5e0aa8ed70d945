namespace ImageScan.Core.Scans;

/// <summary>Lets so many begin in a minute, one after the other and evenly.</summary>
/// <param name="perMinute">How many; 0 for as many as come.</param>
/// <param name="time">The clock.</param>
internal sealed class TurnByTurn(int perMinute, TimeProvider time)
{
    private readonly TimeSpan _apart = perMinute == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1) / perMinute;
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for a turn and takes it; false, and none is taken, if it does not come before <paramref name="hold"/> ends.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken hold, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                DateTimeOffset now = time.GetUtcNow();
                wait = _next - now;
                if (wait <= TimeSpan.Zero)
                {
                    _next = now + _apart;
                    return true;
                }
            }

            await Task.Delay(wait, time, hold).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (hold.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
