using ImageScan.Core.Notifications;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Notifications;

public sealed class NotificationRulesTests
{
    private const string Secret = "sixteen characters and more";

    private static readonly NotificationSettings Good = new() { Name = "team", Url = "https://hooks.example.com/path-is-secret", Secret = Secret };

    private static readonly NotificationSettings Topic = Good with { Type = NotificationType.EventGrid, Secret = "" };

    private const string NoTopic = "Notifications__0__Url is no https address below .eventgrid.azure.net or .eventgrid.azure.cn or .eventgrid.azure.us;"
        + " the app's identity goes nowhere else, so set Notifications__0__Secret.";

    [Fact]
    public void AreNoneWhereNothingIsFilledIn() => Assert.Empty(NotificationRules.Of([new NotificationSettings(), new NotificationSettings()]).All);

    [Fact]
    public void AreForTheirOccasionsAndTheFindingsTheyAskFor()
    {
        NotificationRule rule = Assert.Single(NotificationRules.Of([Good with { On = " changes,EveryScan ", FixableOnly = true }]).All);

        Assert.Equal((false, true, true, false), (
            rule.IsFor(NotificationOccasion.NewFindings),
            rule.IsFor(NotificationOccasion.Changes),
            rule.IsFor(NotificationOccasion.EveryScan),
            rule.IsFor(NotificationOccasion.Verdict)));
        Assert.True(rule.Wants(new ChangedFinding("CVE-1", "a", "1", Severity.Important, "2")));
        Assert.False(rule.Wants(new ChangedFinding("CVE-1", "a", "1", Severity.Moderate, "2")));
        Assert.False(rule.Wants(new ChangedFinding("CVE-1", "a", "1", Severity.Critical, null)));
    }

    public static TheoryData<NotificationSettings, string> Wrong => new()
    {
        { Good with { Name = "" }, "Notifications__0__Name is \"\"; it must be a name of at most 64 characters." },
        { Good with { Name = "a\nb" }, "Notifications__0__Name is \"a\\nb\"; it must be a name of at most 64 characters." },
        { Good with { Url = "" }, "Notifications__0__Url is no address of https, without a user name and a fragment." },
        { Good with { Url = "http://hooks.example.com/path-is-secret" }, "Notifications__0__Url is no address of https, without a user name and a fragment." },
        { Good with { Url = "https://me:secret@hooks.example.com" }, "Notifications__0__Url is no address of https, without a user name and a fragment." },
        { Good with { Url = "file:///etc/passwd", AllowPrivateAddress = true }, "Notifications__0__Url is no address of https or http, without a user name and a fragment." },
        { Good with { Secret = "short" }, "Notifications__0__Secret has 5 characters; a webhook is signed with it, so it has 16 at least." },
        { Good with { Type = NotificationType.Slack }, "Notifications__0__Secret is set, but Slack has no use for it." },
        { Good with { Type = NotificationType.EventGrid, Secret = "two\nlines" }, "Notifications__0__Secret is no access key of Event Grid." },
        {
            Good with { Secret = "@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/hook)" },
            "Notifications__0__Secret is a reference to Key Vault that was not resolved; look at the identity of the app and its rights there."
        },
        { Topic with { Url = "https://hooks.example.com/path-is-secret" }, NoTopic },
        { Topic with { Url = "https://t.westeurope-1.eventgrid.azure.net.example.com/path-is-secret" }, NoTopic },
        { Topic with { Url = "https://eventgrid.azure.net/path-is-secret" }, NoTopic },
        { Topic with { Url = "http://t.westeurope-1.eventgrid.azure.net/api/events", AllowPrivateAddress = true }, NoTopic },
        { Topic with { Url = "http://10.0.0.1/path-is-secret", AllowPrivateAddress = true }, NoTopic },
        { Good with { On = "Always" }, "Notifications__0__On is \"Always\"; it must be some of NewFindings, Changes, EveryScan, separated by commas." },
        { Good with { On = "Verdict" }, "Notifications__0__On is \"Verdict\"; it must be some of NewFindings, Changes, EveryScan, separated by commas." },
        { Good with { On = " , " }, "Notifications__0__On is \" , \"; it must be some of NewFindings, Changes, EveryScan, separated by commas." },
        { Good with { Images = "ghcr.io/a(b)*" }, "Notifications__0__Images: \"ghcr.io/a(b)*\" is no pattern of names of images: only * stands for others." },
        {
            Good with { Type = NotificationType.AcrQuarantine, Secret = "", Images = "a.azurecr.io/*" },
            "Notifications__0__Url is set; a verdict goes to the registry of the image, as Registries__N says."
        },
        {
            Good with { Type = NotificationType.AcrQuarantine, Secret = "", Url = "", Images = "a.azurecr.io/*,*.azurecr.io/*" },
            "Notifications__0__Images must name the registries whose images are judged: registry.azurecr.io/*."
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void StopTheStartWhereOneIsWrongAndSayNoSecret(NotificationSettings settings, string expected)
    {
        string refusal = Assert.Throws<SettingException>(() => NotificationRules.Of([settings])).Message;

        Assert.Equal(expected, refusal);
        Assert.DoesNotContain("path-is-secret", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://t.westeurope-1.eventgrid.azure.net/api/events", "https://t.westeurope-1.eventgrid.azure.net/api/events?api-version=2018-01-01")]
    [InlineData("https://t.westeurope-1.eventgrid.azure.net/api/events?api-version=1", "https://t.westeurope-1.eventgrid.azure.net/api/events?api-version=1")]
    public void NameTheVersionOfEventGridsApi(string url, string expected) =>
        Assert.Equal(expected, Assert.Single(NotificationRules.Of([Good with { Type = NotificationType.EventGrid, Url = url }]).All).Address!.AbsoluteUri);

    // Elsewhere an access key will do, which opens one topic; the app's identity goes to Azure's topics alone.
    [Theory]
    [InlineData("https://t.westeurope-1.eventgrid.azure.net/api/events", "")]
    [InlineData("https://T.ChinaNorth3-1.EventGrid.Azure.CN/api/events", "")]
    [InlineData("https://t.usgovvirginia-1.eventgrid.azure.us/api/events", "")]
    [InlineData("https://relay.example.com/api/events", Secret)]
    public void SendTheIdentityToTopicsOfAzure(string url, string secret) =>
        Assert.Equal(secret, Assert.Single(NotificationRules.Of([Topic with { Url = url, Secret = secret }]).All).Secret);

    [Fact]
    public void HaveNamesOfTheirOwn() => Assert.Equal(
        "Notifications__1__Name is that of another rule; failed messages could not be told apart.",
        Assert.Throws<SettingException>(() => NotificationRules.Of([Good, Good])).Message);

    [Fact]
    public void SayNoSecretOfThemselves()
    {
        string said = $"{Good} {Assert.Single(NotificationRules.Of([Good]).All)}";

        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "docker.io", "library/nginx", "1", true)]
    [InlineData("docker.io/library/*", "docker.io", "library/nginx", "1", true)]
    [InlineData("docker.io/library/nginx", "docker.io", "library/nginx", "1", true)]
    [InlineData("docker.io/library/nginx:1*", "docker.io", "library/nginx", "1.27", true)]
    [InlineData("docker.io/library/nginx:2*", "docker.io", "library/nginx", "1.27", false)]
    [InlineData("docker.io/library/ngin", "docker.io", "library/nginx", "1", false)]
    [InlineData("library/nginx", "docker.io", "library/nginx", "1", false)]
    [InlineData("ghcr.io/*, docker.io/*", "docker.io", "library/nginx", "1", true)]
    [InlineData("d.cker.io/*", "docker.io", "library/nginx", "1", false)]
    public void MeanImagesByWholePatterns(string patterns, string registry, string remote, string tag, bool expected) =>
        Assert.Equal(expected, ImagePatterns.Of(patterns).Fits(MadeScan.Reference(registry, remote, tag)));

    [Fact]
    public void AreLookedAtInTimeThatGrowsWithTheNameAlone()
    {
        var patterns = ImagePatterns.Of(string.Concat(Enumerable.Repeat("a*", 100)) + "b");

        Assert.False(patterns.Fits(MadeScan.Reference("r.io", new string('a', 255), "1")));
    }
}
