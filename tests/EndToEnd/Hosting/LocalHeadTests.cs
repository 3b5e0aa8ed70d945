using System.Reflection;
using ImageScan.Core;
using ImageScan.Core.Storage;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.Hosting;

namespace ImageScan.EndToEnd.Hosting;

/// <summary>The local head does by itself what the deployed one has triggers for; tests/Functions.Tests holds those to the same constants.</summary>
public sealed class LocalHeadTests
{
    [Fact]
    public void WorksOffEveryQueueOfCore()
    {
        IEnumerable<string> names = ConstantsOf(typeof(QueueNames)).Where(field => field.Name != nameof(QueueNames.PoisonSuffix))
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(names.Order(StringComparer.Ordinal), QueueWorker.WorkOf(null!).Select(work => work.Queue).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HasAsManyMessagesInWorkAsAnInstanceOfTheOther() =>
        Assert.All(QueueWorker.WorkOf(null!), work => Assert.Equal(work.IsPoison ? 1 : ScanQueue.MessagesAtATime, work.Places));

    [Fact]
    public void HasATimerForEverySchedule()
    {
        Type[] byTheClock = [.. typeof(Composition).Assembly.GetExportedTypes().Where(type => ConstantsOf(type).Any(field => field.Name == "Schedule"))];
        Type[] timers = [.. typeof(QueueWorker).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(BackgroundService)))];

        Assert.NotEmpty(byTheClock);
        Assert.All(byTheClock, work => Assert.Single(timers, timer => timer.GetConstructors().Single().GetParameters().Any(parameter => parameter.ParameterType == work)));
    }

    private static IEnumerable<FieldInfo> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.IsLiteral);
}
