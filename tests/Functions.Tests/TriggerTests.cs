using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.TestSupport;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions.Tests;

public sealed partial class TriggerTests
{
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

        Assert.Equal(constants.Order(StringComparer.Ordinal), Trigger.All.Select(trigger => trigger.Http?.Route).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    // Function keys would lock out the clients of StackRox, which can send a bearer token only; Core checks that.
    [Fact]
    public void AreAnonymousToTheHost() =>
        Assert.All(Trigger.All.Where(trigger => trigger.Http is not null), trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.Http!.AuthLevel));

    [Fact]
    public void ReadEveryQueueAndItsPoisonQueue() =>
        Assert.Equal(
            [
                QueueNames.ClusterBinding, QueueNames.ClusterPoisonBinding, QueueNames.ImageScans, QueueNames.ImageScansPoison, QueueNames.LayerScans,
                QueueNames.LayerScansPoison,
            ],
            Trigger.All.Select(trigger => trigger.Queue?.QueueName).OfType<string>().Order(StringComparer.Ordinal));

    // The host names the poison queue itself, so this name is not ours to choose.
    [Fact]
    public void ReadPoisonQueuesUnderTheNamesThatTheHostGivesThem() =>
        Assert.Equal(("image-scans-poison", "layer-scans-poison"), (QueueNames.ImageScansPoison, QueueNames.LayerScansPoison));

    // The host puts what failed into NAME-poison, the name being what the setting says.
    [Fact]
    public void ReadTheQueueOfAClusterByTheSettingThatCoreChecks()
    {
        Assert.Equal($"%{ClusterSettings.QueueSetting}%", QueueNames.ClusterBinding);
        Assert.Equal(QueueNames.ClusterBinding + "-poison", QueueNames.ClusterPoisonBinding);
    }

    [Fact]
    public void AreDisabledByTheSampleWhereTheyAreForClustersOnly() =>
        Assert.Equal(
            ["ClusterHeartbeat", "ClusterPoisonQueue", "ClusterQueue"],
            RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").EnumerateObject()
                .Select(value => DisabledFunction().Match(value.Name)).Where(match => match.Success)
                .Select(match => Assert.Single(Trigger.All, trigger => trigger.Function == match.Groups[1].Value).Function).Order(StringComparer.Ordinal));

    // Or a cluster would take work that is not its own, or nobody its own.
    [Fact]
    public void AreDisabledByTheInfrastructureWhereTheyDoNotBelong()
    {
        string bicep = File.ReadAllText(Repository.Path("infra/main.bicep"));
        string[] Listed(string variable) => [.. Word().Matches(
            Regex.Match(bicep, $@"^var {variable} = \[(.*?)\]", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value).Select(match => match.Value)];
        string[] clusters = Listed("clusterTriggers");
        string[] central = Listed("centralTriggers");

        Assert.Equal(["ClusterHeartbeat", "ClusterPoisonQueue", "ClusterQueue"], clusters.Order(StringComparer.Ordinal));
        Assert.Equal(
            Trigger.All.Where(trigger => trigger.Http is null).Select(trigger => trigger.Function).Order(StringComparer.Ordinal),
            clusters.Concat(central).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RunByTheClock() =>
        Assert.Equal(
            [
                ("AdvisoryRefresh", AdvisoryRefreshTimer.Schedule), ("ClusterHeartbeat", ClusterHeartbeat.Schedule),
                ("ImageRematch", ImageRematch.Schedule), ("JobSweep", JobSweep.Schedule), ("StorageSweep", StorageSweep.Schedule),
            ],
            Trigger.All.Where(trigger => trigger.Timer is not null).Select(trigger => (trigger.Function, trigger.Timer!.Schedule)).Order());

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
