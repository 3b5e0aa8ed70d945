using System.Net;
using System.Net.Http.Json;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Azurite;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>Everything that a run needs: an Azurite of its own, what stands before it, a registry with the images, and what they should give.</summary>
internal sealed class ReliabilityRoom : IAsyncDisposable
{
    /// <summary>For <c>Scan__WaitSeconds</c>.</summary>
    public const int WaitSeconds = 15;

    private readonly TestAdvisories _advisories = new();
    private AzuriteProcess _azurite = null!;
    private TestRegistry _registry = null!;

    private ReliabilityRoom(ReliabilityPlan plan)
    {
        Plan = plan;
        StorageTrouble = new StorageTrouble(plan.Seed, Log);
        RegistryTrouble = new RegistryTrouble(plan.Seed, Log);
    }

    public ReliabilityPlan Plan { get; }

    public TroubleLog Log { get; } = new();

    public StorageTrouble StorageTrouble { get; }

    public RegistryTrouble RegistryTrouble { get; }

    public TroubledStorage Storage { get; private set; } = null!;

    public IReadOnlyList<LoadImage> Images { get; private set; } = [];

    /// <summary>Right to Azurite, past the troubles.</summary>
    public string ConnectionString => _azurite.ConnectionString;

    /// <summary>Begins the names of tables of the run without troubles.</summary>
    public string UndisturbedPrefix { get; } = ScanApp.NewPrefix();

    /// <summary>Begins the names of tables of the run with them.</summary>
    public string TroubledPrefix { get; } = ScanApp.NewPrefix();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ReliabilityRoom> OpenAsync(ReliabilityPlan plan)
    {
        var room = new ReliabilityRoom(plan);
        try
        {
            room._azurite = await AzuriteProcess.StartAsync(new AzuriteOptions { InMemory = true }, Token);
            room._registry = await TestRegistry.StartAsync(Token);
            room._registry.Misbehave(room.RegistryTrouble.AnswerAsync);
            room.Images = LoadImages.Push(room._registry, plan.Images, plan.Seed);
            room.Storage = await TroubledStorage.StartAsync(room.ConnectionString, room.StorageTrouble.Next, room.Log, Token);
            await room._advisories.ReplaceAsync(LoadImages.Advisories);
            return room;
        }
        catch
        {
            await room.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings of a worker of the troubled run.</summary>
    public IReadOnlyDictionary<string, string> WorkerSettings => SettingsOf(Storage.ConnectionString, TroubledPrefix);

    /// <summary>The settings of the worker of the undisturbed run.</summary>
    public IReadOnlyDictionary<string, string> UndisturbedSettings => SettingsOf(ConnectionString, UndisturbedPrefix);

    /// <summary>
    /// The timer that looks after jobs, each three seconds until cancelled, and with a clock that takes thirty seconds without news for five minutes.
    /// </summary>
    public async Task RunJobSweepsAsync(CancellationToken end)
    {
        await using var sweeper = Sweeper.Ahead(WorkerSettings, TimeSpan.FromMinutes(4.5));
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await sweeper.SweepJobsAsync(end);
            }
            catch (Exception failure) when (failure is StorageException or RequestFailedException or OperationCanceledException)
            {
                // The next run comes.
            }
        }
    }

    /// <summary>Messages of all queues, those that are being worked on included.</summary>
    public async Task<int> MessagesAsync()
    {
        var queues = new QueueServiceClient(ConnectionString);
        int messages = 0;
        await foreach (QueueItem queue in queues.GetQueuesAsync(cancellationToken: Token))
        {
            QueueProperties properties = await queues.GetQueueClient(queue.Name).GetPropertiesAsync(Token);
            messages += properties.ApproximateMessagesCount;
        }

        return messages;
    }

    /// <summary>What each name gives where nothing goes wrong.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ScanUndisturbedAsync()
    {
        using Worker worker = await Worker.StartAsync(UndisturbedSettings);
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        var answers = new Dictionary<string, string>();
        foreach ((LoadImage image, string name) in Images.SelectMany(image => image.Names.Select(name => (image, name))))
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync(new Uri(worker.Address, "/v1/images/scan"), new { imageName = name }, Token);
            ApiAnswer answer = await ApiAnswer.ReadAsync(response, Token);
            Assert.Equal((name, image.Lie is null ? HttpStatusCode.OK : HttpStatusCode.InternalServerError), (name, answer.Status));
            answers[name] = LoadAnswer.IsImage(answer) ? LoadAnswer.Comparable(answer) : answer.Text;
        }

        await worker.KillAsync();
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        _advisories.Dispose();
        await (Storage?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private Dictionary<string, string> SettingsOf(string connectionString, string prefix) => new()
    {
        ["AzureWebJobsStorage"] = connectionString,
        ["Storage__Prefix"] = prefix,
        ["Advisories__Path"] = _advisories.Path,
        ["Scan__InlineBytes"] = LoadImages.InlineBytes,
        ["Scan__WaitSeconds"] = $"{WaitSeconds}",
        ["Scan__LeaseSeconds"] = "6",
        ["RegistryClient__StallTimeout"] = "2",
        ["RegistryClient__HeadersTimeout"] = "5",
        ["RegistryClient__LongestRetryDelay"] = "3",
    };
}
