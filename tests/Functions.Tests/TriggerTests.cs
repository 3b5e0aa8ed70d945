using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.Core.Notifications;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.TestSupport;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions.Tests;

public sealed partial class TriggerTests
{
    private static readonly string[] ForClusters =
        ["ClusterBackgroundPoisonQueue", "ClusterBackgroundQueue", "ClusterHeartbeat", "ClusterPoisonQueue", "ClusterQueue"];

    [Fact]
    public void OfferEveryOperationOnceUnderItsNameMethodAndRoute()
    {
        IEnumerable<string> offered = Trigger.All.Where(trigger => trigger.Http is not null)
            .SelectMany(trigger => trigger.Http!.Methods!.Select(method => $"{trigger.Function} {method.ToUpperInvariant()} {trigger.Http.Route}"));
        IEnumerable<string> wanted = Operations.All.Select(operation => $"{operation.Name} {operation.Method} {operation.Route}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), offered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CoverEveryRouteConstant()
    {
        IEnumerable<string?> constants = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string?)field.GetRawConstantValue());

        Assert.Equal(
            constants.Order(StringComparer.Ordinal), Trigger.All.Select(trigger => trigger.Http?.Route).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    // The host parses a route as it is, the worker behind the prefix of host.json, which is empty, and a slash
    // (https://github.com/Azure/azure-functions-dotnet-worker/blob/main/extensions/Worker.Extensions.Http.AspNetCore/src/AspNetMiddleware/FunctionsEndpointDataSource.cs);
    // what it cannot parse ends it.
    [Fact]
    public void HaveRoutesThatHostAndWorkerCanParse() => Assert.All(Trigger.All.Where(trigger => trigger.Http is not null), trigger =>
    {
        Assert.False(string.IsNullOrWhiteSpace(trigger.Http!.Route), $"The host would make \"{trigger.Function}\" the route.");
        Assert.NotNull(TemplateParser.Parse(trigger.Http.Route));
        Assert.NotNull(RoutePatternFactory.Parse($"/{trigger.Http.Route}"));
    });

    // Function keys would lock out the clients of StackRox, which can send a bearer token only; Core checks that.
    [Fact]
    public void AreAnonymousToTheHost() =>
        Assert.All(Trigger.All.Where(trigger => trigger.Http is not null), trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.Http!.AuthLevel));

    [Fact]
    public void ReadEveryQueueOfCore() => Assert.Equal(Queues.Order(StringComparer.Ordinal), QueuesRead().Order(StringComparer.Ordinal));

    // The host names the poison queue itself (https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages),
    // so this name is not ours to choose; and nobody reads what has no trigger.
    [Fact]
    public void ReadThePoisonQueueOfEachUnderTheNameThatTheHostGivesIt()
    {
        string[] own = [.. QueuesRead().Where(queue => !queue.EndsWith("-poison", StringComparison.Ordinal))];

        Assert.NotEmpty(own);
        Assert.All(own, queue => Assert.Contains($"{queue}-poison", QueuesRead()));
    }

    // A trigger bound to another account than Core's would wait for messages that nobody sends there.
    [Fact]
    public void ReadQueuesOfTheAccountThatCoreSendsTo() =>
        Assert.All(Trigger.All.Where(trigger => trigger.Queue is not null), trigger => Assert.Null(trigger.Queue!.Connection));

    // The host puts what failed into NAME-poison, the name being what the setting says.
    [Fact]
    public void ReadTheQueueOfAClusterByTheSettingThatCoreChecks()
    {
        Assert.Equal($"%{ClusterSettings.QueueSetting}%", QueueNames.ClusterBinding);
        Assert.Equal(QueueNames.ClusterBinding + "-poison", QueueNames.ClusterPoisonBinding);
        Assert.Equal("scan-" + QueueNames.ClusterBackgroundBinding, QueueNames.BackgroundOfCluster(QueueNames.ClusterBinding));
        Assert.Equal(QueueNames.ClusterBackgroundBinding + "-poison", QueueNames.ClusterBackgroundPoisonBinding);
    }

    [Fact]
    public void AreDisabledByTheSampleWhereTheyAreForClustersOnly() =>
        Assert.Equal(
            ForClusters,
            RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").EnumerateObject()
                .Select(value => DisabledFunction().Match(value.Name)).Where(match => match.Success)
                .Select(match => Assert.Single(Trigger.All, trigger => trigger.Function == match.Groups[1].Value).Function).Order(StringComparer.Ordinal));

    // Or a cluster would take work that is not its own, or nobody its own.
    [Fact]
    public void AreDisabledByTheInfrastructureWhereTheyDoNotBelong()
    {
        string bicep = File.ReadAllText(Repository.Path("infra/app.bicep"));
        string[] Listed(string variable) => [.. Word().Matches(
            Regex.Match(bicep, $@"^var {variable} = \[(.*?)\]", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value).Select(match => match.Value)];
        string[] clusters = Listed("clusterTriggers");
        string[] central = Listed("centralTriggers");

        Assert.Equal(ForClusters, clusters.Order(StringComparer.Ordinal));
        Assert.Equal(
            Trigger.All.Where(trigger => trigger.Http is null).Select(trigger => trigger.Function).Order(StringComparer.Ordinal),
            clusters.Concat(central).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RunOnceForEverySchedule() =>
        Assert.Equal(
            Schedules.Order(),
            Trigger.All.Where(trigger => trigger.Timer is not null).Select(trigger => (trigger.Function, trigger.Timer!.Schedule)).Order());

    // {second} {minute} {hour} {day} {month} {day of the week} (https://github.com/atifaziz/NCrontab); five fields would be another time.
    [Fact]
    public void RunBySchedulesOfSixFields() => Assert.All(Schedules, schedule => Assert.Equal(6, schedule.Schedule.Split(' ').Length));

    // The local head has no NCRONTAB: it goes by the interval.
    [Fact]
    public void RefreshAsOftenAsInTheLocalHead()
    {
        string[] fields = AdvisoryRefreshTimer.Schedule.Split(' ');

        Assert.Equal(TimeSpan.FromHours(1), AdvisoryRefreshTimer.Interval);
        Assert.Equal(["*", "*", "*", "*"], fields[2..]);
        Assert.All(fields[..2], field => Assert.InRange(int.Parse(field, CultureInfo.InvariantCulture), 0, 59));
    }

    [Fact]
    public void MatchAgainAsOftenAsInTheLocalHead() => Assert.Equal(ImageRematch.Schedule, $"30 */{ImageRematch.Interval.TotalMinutes} * * * *");

    [Fact]
    public void SendOverdueNotificationsAsOftenAsInTheLocalHead() =>
        Assert.Equal(("45 * * * * *", TimeSpan.FromMinutes(1)), (NotificationSweep.Schedule, NotificationSweep.Interval));

    [Fact]
    public void EndExceptionsAsOftenAsInTheLocalHead() => Assert.Equal(ExceptionSweep.Schedule, $"40 */{ExceptionSweep.Interval.TotalMinutes} * * * *");

    [Fact]
    public void LookAtWatchedImagesAsOftenAsInTheLocalHead() => Assert.Equal(WatchedImages.Schedule, $"50 */{WatchedImages.Interval.TotalMinutes} * * * *");

    // A value that a function returns would be written into the response, or sent to a queue, a second time.
    [Fact]
    public void ReturnNothingButTheirCompletion() =>
        Assert.All(Trigger.All, trigger => Assert.Equal(typeof(Task), trigger.Method.ReturnType));

    [Fact]
    public void HaveEachOneTriggerAndANameOfItsOwn()
    {
        Assert.NotEmpty(Trigger.All);
        Assert.All(Trigger.All, trigger => Assert.Single(new object?[] { trigger.Http, trigger.Queue, trigger.Timer }, found => found is not null));
        Assert.Distinct(Trigger.All.Select(trigger => trigger.Function), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void NameOnlySettingsThatTheSampleLists()
    {
        HashSet<string> listed =
            [.. RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").EnumerateObject().Select(value => value.Name)];

        Assert.All(SettingsIn(Trigger.All), setting => Assert.Contains(setting.Replace(":", "__", StringComparison.Ordinal), listed));
    }

    // %A:B% is resolved by the host, %A__B% is not.
    [Fact]
    public void SpellSettingsWithColons() => Assert.All(SettingsIn(Trigger.All), setting => Assert.DoesNotContain("__", setting, StringComparison.Ordinal));

    /// <summary>The names in <see cref="QueueNames"/>, less the suffix of poison queues.</summary>
    private static IEnumerable<string> Queues { get; } =
        [.. ConstantsOf(typeof(QueueNames)).Where(field => field.Name != nameof(QueueNames.PoisonSuffix)).Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>What each class of Core that goes by the clock is called as a function, and its schedule.</summary>
    private static IEnumerable<(string Function, string Schedule)> Schedules { get; } =
    [
        .. typeof(StorageSweep).Assembly.GetExportedTypes()
            .SelectMany(type => ConstantsOf(type).Where(field => field.Name == "Schedule")
                .Select(field => (type.Name.Replace("Timer", "", StringComparison.Ordinal), (string)field.GetRawConstantValue()!))),
    ];

    private static IEnumerable<FieldInfo> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.IsLiteral);

    private static IReadOnlyList<string> QueuesRead() => [.. Trigger.All.Select(trigger => trigger.Queue?.QueueName).OfType<string>()];

    private static IEnumerable<string> SettingsIn(IEnumerable<Trigger> triggers) =>
        triggers
            .SelectMany(trigger => new[] { trigger.Http?.Route, trigger.Queue?.QueueName, trigger.Timer?.Schedule })
            .OfType<string>()
            .SelectMany(text => Setting().Matches(text).Select(match => match.Groups[1].Value))
            .Concat(triggers.Select(trigger => trigger.Queue?.Connection).OfType<string>());

    [GeneratedRegex(@"^AzureWebJobs\.(\w+)\.Disabled$")]
    private static partial Regex DisabledFunction();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
