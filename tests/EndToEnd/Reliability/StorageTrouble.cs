using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>Decides which requests to storage go wrong, and how: single ones, and all of them for a second or two now and then.</summary>
internal sealed class StorageTrouble(int seed, TroubleLog log)
{
    private static readonly (StorageFault, double)[] OfAnyRequest =
    [
        (StorageFault.Busy, 0.015), (StorageFault.Unsent, 0.005), (StorageFault.AnswerLost, 0.015), (StorageFault.TimedOut, 0.01), (StorageFault.Slow, 0.03),
    ];

    private static readonly (StorageFault, double)[] OfMessages =
    [
        (StorageFault.MessageDropped, 0.05), (StorageFault.MessageTwice, 0.15), (StorageFault.MessageLate, 0.1), .. OfAnyRequest,
    ];

    private readonly Dice _requests = new(seed, "storage requests");
    private readonly Dice _messages = new(seed, "storage messages");
    private readonly Dice _lengths = new(seed, "storage lengths");
    private volatile bool _isOn;
    private volatile bool _isOut;

    /// <summary>From now on requests go wrong.</summary>
    public void Begin() => _isOn = true;

    /// <summary>From now on none does.</summary>
    public void End() => _isOn = _isOut = false;

    /// <summary>What happens to this request; null if nothing does.</summary>
    public StorageMishap? Next(HttpRequest request)
    {
        if (!_isOn)
        {
            return null;
        }

        StorageFault? fault = _isOut ? StorageFault.Busy : IsMessage(request) ? _messages.Pick(OfMessages) : _requests.Pick(OfAnyRequest);
        return fault is { } happens ? new StorageMishap(happens, LengthOf(happens)) : null;
    }

    /// <summary>Takes storage away for a while, longer than its clients repeat a request, until cancelled.</summary>
    public async Task RunOutagesAsync(CancellationToken end)
    {
        var dice = new Dice(seed, "storage outages");
        while (!end.IsCancellationRequested)
        {
            await Pause(dice.Between(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(35)), end);
            TimeSpan length = dice.Between(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(3));
            log.Add("storage outages", $"{length.TotalSeconds:f1} s");
            _isOut = true;
            await Pause(length, end);
            _isOut = false;
        }
    }

    private TimeSpan LengthOf(StorageFault fault) => fault == StorageFault.MessageLate
        ? _lengths.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8))
        : _lengths.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));

    // POST /ACCOUNT/QUEUE/messages puts a message; to receive is a GET.
    private static bool IsMessage(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal);

    private static async Task Pause(TimeSpan length, CancellationToken end) =>
        await Task.Delay(length, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
