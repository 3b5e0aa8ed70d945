namespace ImageScan.EndToEnd.Scans;

/// <summary>Waits for what other threads and processes do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is the one that is awaited, and returns it; fails after a minute.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Predicate<T> isAwaited)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(Longest);
        while (true)
        {
            T answer = await ask();
            if (isAwaited(answer))
            {
                return answer;
            }

            await Task.Delay(Pause, end.Token);
        }
    }
}
