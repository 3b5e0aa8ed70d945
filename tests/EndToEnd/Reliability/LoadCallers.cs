using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// Callers who ask for images all at once, and judge what they hear: the right answer, or a clear error after which asking again ends in the
/// right answer.
/// </summary>
internal sealed class LoadCallers(
    ReliabilityPlan plan, IReadOnlyList<LoadImage> images, IReadOnlyDictionary<string, string> expected, WorkerFleet fleet, TroubleLog log) : IDisposable
{
    private const int MostAsks = 60;
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(5);

    // Whatever happens, a caller hears of it at Scan__WaitSeconds; the rest is for a machine that is busy.
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(ReliabilityRoom.WaitSeconds + 30) };
    private readonly ConcurrentQueue<string> _wrongs = new();
    private readonly ConcurrentDictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LoadImage, int> _forced = new();
    private readonly ConcurrentDictionary<LoadImage, int> _asked = new();
    private readonly ConcurrentQueue<TimeSpan> _lengths = new();
    private int _begun;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What no caller may ever hear.</summary>
    public IReadOnlyList<string> Wrongs => [.. _wrongs];

    /// <summary>How often an image was asked for, errors and repetitions included.</summary>
    public int AsksFor(LoadImage image) => _asked.GetValueOrDefault(image);

    /// <summary>How often of them with force.</summary>
    public int ForcesOf(LoadImage image) => _forced.GetValueOrDefault(image);

    /// <summary>In numbers.</summary>
    public string Summary
    {
        get
        {
            TimeSpan[] lengths = [.. _lengths.Order()];
            string errors = string.Join(", ", _errors.OrderByDescending(error => error.Value).Select(error => $"{error.Value} {error.Key}"));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{lengths.Length} scans by {_asked.Values.Sum()} requests, median {lengths[lengths.Length / 2].TotalSeconds:f1} s, longest {lengths[^1].TotalSeconds:f1} s; heard besides: {errors}");
        }
    }

    /// <summary>Asks for all scans of the plan, and once more for every name that nobody has got yet.</summary>
    public async Task RunAsync()
    {
        TimeSpan until = log.Now + TimeSpan.FromMinutes(plan.Minutes);
        await Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(caller => Task.Run(() => AskAsync(new Dice(plan.Seed, $"caller {caller}"), until))));
        await Parallel.ForEachAsync(images.SelectMany(image => image.Names.Select(name => (image, name))), Token, async (one, _) =>
            await AskUntilRightAsync(one.image, one.name, force: false, new Dice(plan.Seed, one.name)));
    }

    public void Dispose() => _client.Dispose();

    private async Task AskAsync(Dice dice, TimeSpan until)
    {
        while (Interlocked.Increment(ref _begun) is var number && (number <= plan.Scans || log.Now < until))
        {
            (LoadImage image, string name, bool force) = Ask(number);
            await AskUntilRightAsync(image, name, force, dice);
        }
    }

    // New images come up to the end, so that there is always something that nobody has scanned, and most of them at several callers at once.
    private (LoadImage Image, string Name, bool Force) Ask(int number)
    {
        var dice = new Dice(plan.Seed, $"ask {number}");
        int known = Math.Min(images.Count, 4 + (images.Count * number / plan.Scans));
        LoadImage image = images[dice.Chance(0.4) ? known - 1 : dice.Between(0, known - 1)];
        return (image, dice.OneOf(image.Names), image.MayBeForced && dice.Chance(0.5));
    }

    private async Task AskUntilRightAsync(LoadImage image, string name, bool force, Dice dice)
    {
        TimeSpan begin = log.Now;
        string heard = "";
        for (int ask = 1; ask <= MostAsks && log.Now - begin < MostPatience; ask++)
        {
            heard = await AskAsync(image, name, force, dice);
            if (heard.Length == 0)
            {
                _lengths.Enqueue(log.Now - begin);
                return;
            }

            _errors.AddOrUpdate(KindOf(heard), 1, (_, count) => count + 1);
            await Task.Delay(dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)), Token);
        }

        Wrong(name, $"no right answer within {(log.Now - begin).TotalSeconds:f0} s, at last: {heard}");
    }

    // Empty once the answer is right; else the error.
    private async Task<string> AskAsync(LoadImage image, string name, bool force, Dice dice)
    {
        if (fleet.Workers is not { Count: > 0 } workers)
        {
            return "no worker there";
        }

        Worker worker = dice.OneOf(workers);
        _asked.AddOrUpdate(image, 1, (_, count) => count + 1);
        if (force)
        {
            _forced.AddOrUpdate(image, 1, (_, count) => count + 1);
        }

        long began = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage response = await _client.PostAsJsonAsync(new Uri(worker.Address, "/v1/images/scan"), new { imageName = name, force }, Token);
            return Judge(name, await ApiAnswer.ReadAsync(response, Token));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            if (!worker.IsKilled)
            {
                Wrong(name, $"the connection broke, but its worker lives: {broken.Message}");
            }

            return "connections of killed workers";
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Wrong(name, $"no answer within {Stopwatch.GetElapsedTime(began).TotalSeconds:f0} s");
            return "no answer";
        }
    }

    private string Judge(string name, ApiAnswer answer)
    {
        string said = LoadAnswer.IsImage(answer) ? LoadAnswer.Comparable(answer) : answer.Text;
        if (said == expected[name])
        {
            return "";
        }

        if (LoadAnswer.IsImage(answer))
        {
            Wrong(name, $"another answer than undisturbed: {LoadAnswer.Difference(expected[name], said)}");
        }
        else if (LoadAnswer.FaultOf(answer) is { } fault)
        {
            Wrong(name, $"{fault}: {(int)answer.Status} {answer.Text}");
        }

        return $"{(int)answer.Status} {answer.Text}";
    }

    private void Wrong(string name, string what) => _wrongs.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{log.Now.TotalSeconds:f1} s, {name}: {what}"));

    private static string KindOf(string heard) => heard.Length > 40 ? LoadAnswer.KindOf(heard) : heard;
}
