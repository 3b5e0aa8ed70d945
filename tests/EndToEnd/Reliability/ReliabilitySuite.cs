namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// Many callers, several workers on one storage account, and everything goes wrong that is known to: see tests/EndToEnd/README.md.
/// </summary>
public sealed class ReliabilitySuite(ITestOutputHelper output)
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task AnswersRightlyWhateverGoesWrong() => RunAsync(new ReliabilityPlan { Seed = 1, Scans = 60, Longest = TimeSpan.FromMinutes(2) });

    [Fact(Explicit = true)]
    public Task AnswersRightlyWhateverGoesWrongForLong() => RunAsync(new ReliabilityPlan { Seed = 2, Scans = 500 });

    private async Task RunAsync(ReliabilityPlan standard)
    {
        ReliabilityPlan plan = standard.FromEnvironment();
        Say($"{plan}");
        await using ReliabilityRoom room = await ReliabilityRoom.OpenAsync(plan);
        IReadOnlyDictionary<string, string> expected = await room.ScanUndisturbedAsync();
        Say($"{room.Log.Now.TotalSeconds:f0} s: the run without troubles is done");

        using WorkerFleet fleet = await WorkerFleet.StartAsync(plan, room.WorkerSettings, room.Log);
        using var callers = new LoadCallers(plan, room.Images, expected, fleet, room.Log);
        await TroubleAsync(room, fleet, callers);
        await callers.AskForAllAsync();
        var reads = new BlobReads(room, callers);
        Say($"{room.Log.Now.TotalSeconds:f0} s: {callers.Summary}");
        Say($"Done to it in {room.Storage.Requests} requests to storage: {room.Log.Summary}");
        Say(reads.Summary);

        string[] wrongs = [.. callers.Wrongs, .. reads.TooMany, .. await OpenAsync(room), .. await LeftOverAsync(room)];
        Assert.True(wrongs.Length == 0, $"{plan} shows {wrongs.Length} faults:\n{string.Join('\n', wrongs.Take(20))}");
    }

    // Messages that were taken by a worker that died come back after half a minute, jobs are taken up by a timer.
    private static async Task<IReadOnlyList<string>> OpenAsync(ReliabilityRoom room)
    {
        await using var sweeper = Sweeper.Ahead(room.WorkerSettings, TimeSpan.Zero);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task sweeps = room.RunJobSweepsAsync(end.Token);
        IReadOnlyList<string> open = [];
        int messages = 0;
        for (TimeSpan until = room.Log.Now + LongestDrain; room.Log.Now < until; await Task.Delay(TimeSpan.FromSeconds(1), Token))
        {
            open = await OpenJobsAsync(room, sweeper);
            messages = await room.MessagesAsync();
            if (open.Count + messages == 0)
            {
                break;
            }
        }

        await end.CancelAsync();
        await sweeps;

        // A job whose process was killed before it had claimed its target: nobody was told of it, and the sweep of the day removes it.
        if (open.Count > 0)
        {
            await using var daily = Sweeper.Ahead(room.WorkerSettings, TimeSpan.FromHours(2));
            await daily.SweepStorageAsync(Token);
            open = await OpenJobsAsync(room, sweeper);
        }

        return [.. open.Select(job => $"open after {LongestDrain.TotalSeconds} s without troubles: {job}"), .. Enumerable.Repeat("a message is left", messages)];
    }

    private static async Task<IReadOnlyList<string>> OpenJobsAsync(ReliabilityRoom room, Sweeper sweeper)
    {
        StoredState state = await StoredState.ReadAsync(room.ConnectionString, room.TroubledPrefix, Token);
        return await sweeper.OpenJobsAsync(state.Rows("Jobs").Where(row => row.RowKey == "job").Select(row => row.PartitionKey), Token);
    }

    // A week later, when all that belonged to the run itself is swept: the account holds what it holds where nothing went wrong, and nothing else.
    private static async Task<IReadOnlyList<string>> LeftOverAsync(ReliabilityRoom room)
    {
        foreach (IReadOnlyDictionary<string, string> settings in new[] { room.WorkerSettings, room.UndisturbedSettings })
        {
            await using var sweeper = Sweeper.Ahead(settings, TimeSpan.FromDays(8));
            await sweeper.SweepJobsAsync(Token);
            await sweeper.SweepStorageAsync(Token);
        }

        StoredState expected = await StoredState.ReadAsync(room.ConnectionString, room.UndisturbedPrefix, Token);
        StoredState actual = await StoredState.ReadAsync(room.ConnectionString, room.TroubledPrefix, Token);
        return
        [
            .. actual.Rows("Jobs").Select(row => $"left over after a week: Jobs {row.PartitionKey} {row.RowKey}"),
            .. actual.Unreachable.Select(row => $"no row points to {row}"),
            .. actual.DifferencesFrom(expected),
        ];
    }

    private static async Task TroubleAsync(ReliabilityRoom room, WorkerFleet fleet, LoadCallers callers)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        room.StorageTrouble.Begin();
        room.RegistryTrouble.Begin();
        Task[] troubles =
        [
            fleet.RunKillsAsync(end.Token), fleet.RunClockStepsAsync(end.Token), room.StorageTrouble.RunOutagesAsync(end.Token), room.RunJobSweepsAsync(end.Token),
        ];
        try
        {
            await callers.RunAsync();
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(troubles);
            room.RegistryTrouble.End();
            room.StorageTrouble.End();
        }
    }

    // The console too: a replay needs the seed of a run that was cut off.
    private void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
