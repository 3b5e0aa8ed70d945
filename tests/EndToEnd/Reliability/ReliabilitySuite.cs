using System.Globalization;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// Many callers, several workers on one storage account, and everything goes wrong that is known to: see tests/EndToEnd/README.md.
/// </summary>
[Collection(Scans.ScanServers.Name)]
public sealed class ReliabilitySuite(ITestOutputHelper output)
{
    [Fact]
    public Task AnswersRightlyWhateverGoesWrong() => RunAsync(new ReliabilityPlan { Seed = 1, Scans = 100 });

    [Fact(Explicit = true)]
    public Task AnswersRightlyWhateverGoesWrongForLong() => RunAsync(new ReliabilityPlan { Seed = 2, Scans = 500 });

    private async Task RunAsync(ReliabilityPlan standard)
    {
        ReliabilityPlan plan = standard.FromEnvironment();
        Say($"{plan}");
        await using ReliabilityRoom room = await ReliabilityRoom.OpenAsync(plan);
        IReadOnlyDictionary<string, string> expected = await room.ScanUndisturbedAsync();
        Say($"{room.Log.Now.TotalSeconds:f0} s: undisturbed run done");
        using WorkerFleet fleet = await WorkerFleet.StartAsync(plan, room.WorkerSettings, room.Log);
        using var callers = new LoadCallers(plan, room.Images, expected, fleet, room.Log);
        await TroubleAsync(room, fleet, callers);
        Say(callers.Summary);
        Say($"done to it, in {room.Log.Now.TotalSeconds:f0} s and {room.Storage.Requests} requests to storage: {room.Log.Summary}");
        Assert.Empty(callers.Wrongs);
    }

    private static async Task TroubleAsync(ReliabilityRoom room, WorkerFleet fleet, LoadCallers callers)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        room.StorageTrouble.Begin();
        room.RegistryTrouble.Begin();
        Task[] troubles = [fleet.RunKillsAsync(end.Token), fleet.RunClockStepsAsync(end.Token), room.StorageTrouble.RunOutagesAsync(end.Token)];
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
