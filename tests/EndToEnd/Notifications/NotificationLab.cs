using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.Core.Notifications;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Notifications;

/// <summary>
/// An app with one rule, a registry, a receiver and advisories. Nobody works off its queue: the tests do, message by message, with a clock of their own.
/// </summary>
internal sealed class NotificationLab : IAsyncDisposable
{
    public const string Secret = "a secret of the receiver's";

    private NotificationLab(TokenServer server, TestRegistry registry, Receiver receiver, TestAdvisories advisories)
    {
        (Server, Registry, Receiver, Advisories) = (server, registry, receiver, advisories);
        Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Logger = new ListLogger();
        Outbox = new NotificationOutbox(
            server.Services.GetRequiredService<NotificationRules>(), Store, server.Services.GetRequiredService<StorageAccount>(), Clock, Logger.For<NotificationOutbox>());
        Delivery = DeliveryBy(server.Services.GetServices<INotificationSink>());
        Sweep = new NotificationSweep(Outbox, Store, Clock, Logger.For<NotificationSweep>());
    }

    public TokenServer Server { get; }

    public TestRegistry Registry { get; }

    public Receiver Receiver { get; }

    public TestAdvisories Advisories { get; }

    public FakeTimeProvider Clock { get; }

    public ListLogger Logger { get; }

    public NotificationOutbox Outbox { get; }

    public NotificationDelivery Delivery { get; }

    public NotificationSweep Sweep { get; }

    public NotificationStore Store => Server.Services.GetRequiredService<NotificationStore>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts all; settings of the rule take the place of the usual ones; <c>{registry}</c> in them is the registry's host.</summary>
    public static async Task<NotificationLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> rule)
    {
        var advisories = new TestAdvisories();
        TestRegistry registry = await TestRegistry.StartAsync(Token);
        Receiver receiver = await Receiver.StartAsync(Token);
        var settings = new Dictionary<string, string>
        {
            ["Storage:Prefix"] = ScanApp.NewPrefix(),
            ["Advisories:Path"] = advisories.Path,
            ["Registries:0:Host"] = registry.Host,
            ["Registries:0:Insecure"] = "true",
            ["Webhooks:generic:Secret"] = WebhookRequest.Secret,
            ["Webhooks:generic:Registries"] = registry.Host,
            ["Notifications:0:Name"] = "team",
            ["Notifications:0:Url"] = receiver.Url,
            ["Notifications:0:Secret"] = Secret,
            ["Notifications:0:MinSeverity"] = "Important",
            ["Notifications:0:AllowPrivateAddress"] = "true",
        };
        foreach ((string name, string value) in rule)
        {
            settings[name.Contains(':', StringComparison.Ordinal) ? name : $"Notifications:0:{name}"] = value.Replace("{registry}", registry.Host, StringComparison.Ordinal);
        }

        TokenServer server = await TokenServer.StartAsync(azurite, settings.Select(setting => (setting.Key, setting.Value)));
        var lab = new NotificationLab(server, registry, receiver, advisories);

        // Queues are shared by all tests, but only one at a time has servers.
        await lab.TakeAsync();
        return lab;
    }

    /// <summary>Every row that there is, whenever it is due.</summary>
    public async Task<IReadOnlyList<StoredNotification>> RowsAsync()
    {
        var rows = new List<StoredNotification>();
        await foreach (StoredNotification row in Store.DueAsync(DateTimeOffset.MaxValue, Token))
        {
            rows.Add((await Store.FindAsync(row.Id, Token))!);
        }

        return rows;
    }

    /// <summary>Takes all messages that wait and are not put off, and returns what they say; those of other tests are nobody's any more.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync()
    {
        var taken = new List<string>();
        while (await Outbox.Queue.ReceiveAsync(32, TimeSpan.FromMinutes(1), Token) is [_, ..] messages)
        {
            foreach (ReceivedMessage message in messages)
            {
                if (NotificationMessage.TryParse(message.Text, out NotificationMessage? asked) && await Store.FindAsync(asked.Id, Token) is not null)
                {
                    taken.Add(message.Text);
                }

                await Outbox.Queue.DeleteAsync(message, Token);
            }
        }

        return taken;
    }

    /// <summary>Takes all messages that wait and handles them.</summary>
    public async Task HandleAsync()
    {
        foreach (string message in await TakeAsync())
        {
            await Delivery.HandleAsync(message, Token);
        }
    }

    /// <summary>Handles the message that was put off, now that its time has come.</summary>
    public async Task HandleNextTryAsync()
    {
        StoredNotification row = Assert.Single(await RowsAsync());
        Clock.SetUtcNow(row.DueAt);
        await Delivery.HandleAsync(new NotificationMessage(row.Id, row.Attempts, IsSaved: true).ToJson(), Token);
    }

    /// <summary>A delivery by other sinks.</summary>
    public NotificationDelivery DeliveryBy(IEnumerable<INotificationSink> sinks) => new(
        Outbox,
        Store,
        new SavedScans(
            Store,
            Server.Services.GetRequiredService<ScanStore>(),
            Server.Services.GetRequiredService<SuppressedFindings>(),
            Clock,
            Logger.For<SavedScans>()),
        sinks,
        new NotificationRetention(TimeSpan.FromDays(30)),
        Clock,
        Logger.For<NotificationDelivery>());

    /// <summary>Tells of images, in order, over the webhook <c>generic</c>, which must be set up; then does what jobs that has begun.</summary>
    public async Task TellAsync(string action, params string[] names)
    {
        var jobs = new List<string>();
        foreach (string name in names)
        {
            jobs.AddRange(await BeginAsync(action, name));
        }

        await DoAsync(jobs);
    }

    /// <summary>Tells of an image, and returns which jobs that has begun or joined.</summary>
    public async Task<IReadOnlyList<string>> BeginAsync(string action, string name)
    {
        // The same event again is another request, not a replay.
        using HttpRequestMessage request = WebhookRequest.Signed($$"""{"action":"{{action}}","image":"{{name}}","id":"{{Guid.NewGuid()}}"}""");
        ApiAnswer answer = await Server.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return [.. answer.Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
    }

    /// <summary>Does jobs.</summary>
    public async Task DoAsync(IEnumerable<string> jobs)
    {
        foreach (string job in jobs.Distinct())
        {
            await Server.Services.GetRequiredService<BackgroundQueueHandler>().HandleAsync(new ScanMessage(job).ToJson(), Token);
        }
    }

    public async Task<ApiAnswer> ScanAsync(string imageName, bool force = false)
    {
        ApiAnswer answer = await Server.SendAsync("POST", "/v1/images/scan", TokenServer.Scanner, JsonContent.Create(new { imageName, force }));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }

    /// <summary>What the API tells of those that were given up.</summary>
    public async Task<JsonElement[]> FailedAsync()
    {
        ApiAnswer answer = await Server.SendAsync("GET", "/v1/notifications/failed", TokenServer.Reader);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("notifications").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        await TakeAsync();
        await Server.DisposeAsync();
        await Registry.DisposeAsync();
        await Receiver.DisposeAsync();
        Advisories.Dispose();
    }
}

/// <summary>All that is logged, as it would be written.</summary>
internal sealed class ListLogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger<T> For<T>() => new Category<T>(_lines);

    private sealed class Category<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
