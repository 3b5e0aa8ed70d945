namespace ImageScan.Core.Scans;

/// <summary>Pauses between two looks at something that will be done soon: short at first, a second at most.</summary>
internal sealed class PollPause(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _next = First;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_next, time, cancellationToken);
        _next = _next * 1.5 < Longest ? _next * 1.5 : Longest;
    }
}
