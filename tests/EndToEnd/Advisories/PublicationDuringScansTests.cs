using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Advisories;

[Collection(StateServers.Name)]
public sealed class PublicationDuringScansTests(SharedAzurite azurite)
{
    private const int Scans = 50;
    private const int AtOnce = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Each snapshot has its own CVE about either package: an answer that mixes two shows a pair that no snapshot has.
    [Theory]
    [InlineData("1000000")]
    [InlineData("0")]
    public async Task NeitherFailsAScanNorMixesTwoSnapshots(string inlineBytes)
    {
        string prefix = ScanApp.NewPrefix();
        using var room = new PublicationRoom(azurite, prefix);
        var findingsOf = new ConcurrentDictionary<string, string[]>();
        await PublishAsync(room, findingsOf, 0);
        await using ScanApp app = await ScanApp.StartAsync(
            azurite, ("Storage:Prefix", prefix), ("Scan:InlineBytes", inlineBytes), ("Advisories:PollSeconds", "1"), ("Advisories:UseStarterSet", "false"));
        string[] names = [.. Enumerable.Range(0, Scans).Select(image => app.Registry.Push(
            "made/image", image.ToString(CultureInfo.InvariantCulture), TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5", $"own@1.0.{image}")))];
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);

        Task publishing = PublishUntilAsync(room, findingsOf, done.Token);
        var answers = new ConcurrentBag<ApiAnswer>();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (name, _) =>
        {
            // The second is worked out from what is stored, if there are newer advisories by then.
            answers.Add(await app.ScanAsync(name));
            await Task.Delay(TimeSpan.FromMilliseconds(300), Token);
            answers.Add(await app.ScanAsync(name));
        });
        await done.CancelAsync();
        await publishing;

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.All(answers, answer => Assert.Equal(findingsOf[SnapshotOf(answer)], answer.Findings.Order(StringComparer.Ordinal)));
        Assert.InRange(answers.Select(SnapshotOf).Distinct().Count(), 2, findingsOf.Count);
    }

    private static async Task PublishUntilAsync(PublicationRoom room, ConcurrentDictionary<string, string[]> findingsOf, CancellationToken done)
    {
        for (int number = 1; !done.IsCancellationRequested; number++)
        {
            await PublishAsync(room, findingsOf, number);
            await Task.Delay(TimeSpan.FromMilliseconds(500), done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PublishAsync(PublicationRoom room, ConcurrentDictionary<string, string[]> findingsOf, int number)
    {
        string path = room.Made.Make(MadeSnapshots.Noon.AddMinutes(number), ($"CVE-2026-1{number:000}", "lodash"), ($"CVE-2026-2{number:000}", "minimist"));
        findingsOf[MadeSnapshots.IdOf(path)[..12]] = [$"lodash CVE-2026-1{number:000}", $"minimist CVE-2026-2{number:000}"];
        await room.PublishAsync(path);
    }

    // scannerVersion ends with how the id begins.
    private static string SnapshotOf(ApiAnswer answer) =>
        answer.Json.GetProperty("scan").GetProperty("scannerVersion").GetString()!.Split(", snapshot ")[1];
}
