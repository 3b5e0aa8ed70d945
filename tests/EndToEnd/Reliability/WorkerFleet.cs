using System.Collections.Concurrent;
using System.Globalization;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>Several workers on one storage account; what dies is replaced.</summary>
internal sealed class WorkerFleet : IDisposable
{
    private readonly ReliabilityPlan _plan;
    private readonly TroubleLog _log;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ConcurrentDictionary<int, Worker> _workers = new();
    private readonly SteppedClock?[] _clocks;

    private WorkerFleet(ReliabilityPlan plan, IReadOnlyDictionary<string, string> settings, TroubleLog log)
    {
        (_plan, _settings, _log) = (plan, settings, log);
        _clocks = new SteppedClock?[plan.Workers];
    }

    /// <summary>Those that live now.</summary>
    public IReadOnlyList<Worker> Workers => [.. _workers.Values];

    /// <summary>Whether clocks can be stepped on this machine.</summary>
    public bool HasClocks => _clocks.All(clock => clock is not null);

    public static async Task<WorkerFleet> StartAsync(ReliabilityPlan plan, IReadOnlyDictionary<string, string> settings, TroubleLog log)
    {
        var fleet = new WorkerFleet(plan, settings, log);
        for (int place = 0; place < plan.Workers; place++)
        {
            fleet._clocks[place] = await SteppedClock.MakeAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, plan.Workers).Select(fleet.StartAsync));
        return fleet;
    }

    /// <summary>Ends a worker every few seconds and starts another in its place, until cancelled; then all places are filled.</summary>
    public async Task RunKillsAsync(CancellationToken end)
    {
        var dice = new Dice(_plan.Seed, "kills");
        while (await PauseAsync(dice.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7)), end))
        {
            int place = dice.Between(0, _plan.Workers - 1);
            _workers.TryRemove(place, out Worker? worker);
            _log.Add("kills", $"worker {place}");
            await worker!.KillAsync();
            worker.Dispose();
            await PauseAsync(dice.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)), end);
            await StartAsync(place);
        }
    }

    /// <summary>
    /// Sets a worker's clock up to ten minutes forwards or back every few seconds, until cancelled; then all are right. Azure refuses requests
    /// whose time is off by more than fifteen.
    /// </summary>
    public async Task RunClockStepsAsync(CancellationToken end)
    {
        var dice = new Dice(_plan.Seed, "clocks");
        while (HasClocks && await PauseAsync(dice.Between(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9)), end))
        {
            int place = dice.Between(0, _plan.Workers - 1);
            TimeSpan offset = TimeSpan.FromSeconds(dice.Between(-600, 600));
            _log.Add("clock steps", string.Create(CultureInfo.InvariantCulture, $"worker {place}: {offset.TotalSeconds} s"));
            _clocks[place]!.Step(offset);
        }

        foreach (SteppedClock? clock in _clocks)
        {
            clock?.Step(TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        foreach (Worker worker in _workers.Values)
        {
            worker.Dispose();
        }

        foreach (SteppedClock? clock in _clocks)
        {
            clock?.Dispose();
        }
    }

    private async Task StartAsync(int place) =>
        _workers[place] = await Worker.StartAsync(new Dictionary<string, string>([.. _settings, .. _clocks[place]?.Settings ?? new Dictionary<string, string>()]));

    // False once cancelled.
    private static async Task<bool> PauseAsync(TimeSpan length, CancellationToken end)
    {
        await Task.Delay(length, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !end.IsCancellationRequested;
    }
}
