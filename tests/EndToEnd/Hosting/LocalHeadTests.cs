using System.Reflection;
using ImageScan.Core;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageScan.EndToEnd.Hosting;

/// <summary>The local head does by itself what the deployed one has triggers for; tests/Functions.Tests holds those to the same constants.</summary>
[Collection(StateServers.Name)]
public sealed class LocalHeadTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly (string Name, string Value)[] Rule =
    [
        ("Notifications:0:Name", "team"), ("Notifications:0:Type", "Slack"), ("Notifications:0:Url", "https://hooks.example.com"),
    ];

    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite, Rule);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void WorksOffEveryQueueOfCoreWithAsManyPlacesAsAnInstanceOfTheOther()
    {
        IEnumerable<string> names = ConstantsOf(typeof(QueueNames)).Where(field => field.Name != nameof(QueueNames.PoisonSuffix))
            .Select(field => (string)field.GetRawConstantValue()!).Where(name => !name.StartsWith('%'));

        IReadOnlyList<QueueWork> work = Running().OfType<QueueWorker>().Single().Work;

        Assert.Equal(names.Order(StringComparer.Ordinal), work.Select(queue => queue.Queue.Name).Order(StringComparer.Ordinal));
        Assert.All(
            work,
            queue => Assert.Equal(queue.IsPoison || queue.Queue.Name == QueueNames.BackgroundScans ? 1 : WorkQueue.MessagesAtATime, queue.Places));
    }

    [Fact]
    public async Task WorksOffNothingButItsOwnQueueAsACluster()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Cluster:Name", "edge-1"));

        IReadOnlyList<QueueWork> work = app.Services.GetServices<IHostedService>().OfType<QueueWorker>().Single().Work;

        Assert.Equal(
            [("scan-edge-1", WorkQueue.MessagesAtATime), ("scan-edge-1-poison", 1), ("scan-edge-1-background", 1), ("scan-edge-1-background-poison", 1)],
            work.Select(queue => (queue.Queue.Name, queue.Places)));
    }

    [Fact]
    public async Task AsksForNoNotificationsWithoutARule()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        IReadOnlyList<QueueWork> work = app.Services.GetServices<IHostedService>().OfType<QueueWorker>().Single().Work;

        Assert.DoesNotContain(work, queue => queue.Queue.Name.StartsWith(QueueNames.Notifications, StringComparison.Ordinal));
        Assert.Equal(8, work.Count);
    }

    [Fact]
    public void HasATimerForEverySchedule()
    {
        Type[] byTheClock = [.. typeof(Composition).Assembly.GetExportedTypes().Where(type => ConstantsOf(type).Any(field => field.Name == "Schedule"))];
        Type[] running = [.. Running().Select(service => service.GetType())];

        Assert.NotEmpty(byTheClock);
        Assert.All(byTheClock, work => Assert.Single(running, timer => timer.GetConstructors().Single().GetParameters().Any(parameter => parameter.ParameterType == work)));
    }

    private IEnumerable<IHostedService> Running() => _app.Services.GetServices<IHostedService>();

    private static IEnumerable<FieldInfo> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.IsLiteral);
}
