using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
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
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(ReliabilityRoom.WaitSeconds + 30) };
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

    /// <summary>Asks for all scans of the plan.</summary>
    public Task RunAsync()
    {
        TimeSpan until = log.Now + TimeSpan.FromMinutes(plan.Minutes);
        TimeSpan end = log.Now + plan.Longest;
        return Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(caller => Task.Run(() => AskAsync(new Dice(plan.Seed, $"caller {caller}"), until, end))));
    }

    /// <summary>Asks for every name, so that all are stored that there are.</summary>
    public Task AskForAllAsync() => Parallel.ForEachAsync(
        images.SelectMany(image => image.Names.Select(name => new Ask(image, name))),
        new ParallelOptions { MaxDegreeOfParallelism = plan.Callers, CancellationToken = Token },
        async (ask, _) => await AskUntilRightAsync(ask, new Dice(plan.Seed, ask.Name)));

    public void Dispose() => _client.Dispose();

    private async Task AskAsync(Dice dice, TimeSpan until, TimeSpan end)
    {
        while (Interlocked.Increment(ref _begun) is var number && (number <= plan.Scans || log.Now < until) && log.Now < end)
        {
            await AskUntilRightAsync(AskOf(number), dice);
        }
    }

    // New images come up to the end, so that there is always something that nobody has scanned, and most of them at several callers at once.
    private Ask AskOf(int number)
    {
        var dice = new Dice(plan.Seed, $"ask {number}");
        int known = Math.Min(images.Count, 4 + (images.Count * number / plan.Scans));
        LoadImage image = images[dice.Chance(0.4) ? known - 1 : dice.Between(0, known - 1)];
        return new Ask(image, dice.OneOf(image.Names))
        {
            Force = image.MayBeForced && dice.Chance(0.5),
            WithoutWaiting = image.Lie is null && dice.Chance(0.2),
        };
    }

    private async Task AskUntilRightAsync(Ask asked, Dice dice)
    {
        TimeSpan begin = log.Now;
        string heard = "";
        for (int ask = 1; ask <= MostAsks && log.Now - begin < MostPatience; ask++)
        {
            heard = asked.WithoutWaiting ? await AskWithoutWaitingAsync(asked, dice) : await AskAsync(asked, dice);
            if (heard.Length == 0 && !asked.WithoutWaiting)
            {
                _lengths.Enqueue(log.Now - begin);
                return;
            }

            // What is done without waiting is asked for as anybody would, and so is what failed.
            asked = asked with { Force = asked.Force && !(asked.WithoutWaiting && heard.Length == 0), WithoutWaiting = false };
            if (heard.Length > 0)
            {
                _errors.AddOrUpdate(KindOf(heard), 1, (_, count) => count + 1);
                await Task.Delay(dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)), Token);
            }
        }

        Wrong(asked.Name, $"no right answer within {(log.Now - begin).TotalSeconds:f0} s, at last: {heard}");
    }

    // Empty once the answer is right; else the error.
    private async Task<string> AskAsync(Ask asked, Dice dice)
    {
        (ApiAnswer? answer, string error) = await SendAsync(asked, dice, () => RequestOf(asked));
        return answer is null ? error : Judge(asked.Name, answer);
    }

    // Empty once the scan is done; else what was said of it.
    private async Task<string> AskWithoutWaitingAsync(Ask asked, Dice dice)
    {
        (ApiAnswer? answer, string error) = await SendAsync(asked, dice, () => RequestOf(asked));
        if (answer is null || answer.Status != HttpStatusCode.Accepted)
        {
            return answer is null ? error : Judge(asked.Name, answer);
        }

        Uri place = answer.Headers.Location!;
        for (TimeSpan until = log.Now + TimeSpan.FromSeconds(60); log.Now < until; await Task.Delay(TimeSpan.FromSeconds(0.5), Token))
        {
            (answer, _) = await SendAsync(asked, dice, () => new HttpRequestMessage(HttpMethod.Get, place));
            switch (answer?.Status)
            {
                case HttpStatusCode.SeeOther when answer.Headers.Location?.ToString() == $"/v1/images/{asked.Image.Digest}?name={Uri.EscapeDataString(asked.Name)}":
                    return "";
                case HttpStatusCode.OK when answer.Json.TryGetProperty("error", out JsonElement reason) && reason.ValueKind != JsonValueKind.Null:
                    return $"{(int)answer.Status} {reason}";
                case HttpStatusCode.OK:
                    continue;
                case null or HttpStatusCode.ServiceUnavailable when answer is null || LoadAnswer.FaultOf(answer) is null:
                    continue;
                default:
                    Wrong(asked.Name, $"asked after {place}: {(int)answer!.Status} {answer.Headers.Location} {answer.Text}");
                    return "a wrong status";
            }
        }

        return "a scan that nobody waited for goes on";
    }

    private static HttpRequestMessage RequestOf(Ask asked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/images/scan", UriKind.Relative))
        {
            Content = JsonContent.Create(new { imageName = asked.Name, force = asked.Force }),
        };
        if (asked.WithoutWaiting)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        return request;
    }

    // Null, and a word, if there is no answer.
    private async Task<(ApiAnswer? Answer, string Error)> SendAsync(Ask asked, Dice dice, Func<HttpRequestMessage> make)
    {
        if (fleet.Workers is not { Count: > 0 } workers)
        {
            return (null, "no worker there");
        }

        Worker worker = dice.OneOf(workers);
        using HttpRequestMessage request = make();
        request.RequestUri = new Uri(worker.Address, request.RequestUri!);
        if (request.Method == HttpMethod.Post)
        {
            Count(asked);
        }

        TimeSpan began = log.Now;
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, Token);
            return (await ApiAnswer.ReadAsync(response, Token), "");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            if (!worker.IsKilled)
            {
                Wrong(asked.Name, $"the connection broke, but its worker lives: {broken.Message}");
            }

            return (null, "connections of killed workers");
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Wrong(asked.Name, $"no answer within {(log.Now - began).TotalSeconds:f0} s");
            return (null, "no answer");
        }
    }

    private void Count(Ask asked)
    {
        _asked.AddOrUpdate(asked.Image, 1, (_, count) => count + 1);
        if (asked.Force)
        {
            _forced.AddOrUpdate(asked.Image, 1, (_, count) => count + 1);
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

    private sealed record Ask(LoadImage Image, string Name)
    {
        public bool Force { get; init; }

        public bool WithoutWaiting { get; init; }
    }
}
