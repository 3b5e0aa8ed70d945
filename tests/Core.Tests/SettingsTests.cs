using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Layers;
using ImageScan.Core.Notifications;
using ImageScan.Core.Policies;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Signatures;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;
using ImageScan.Core.Telemetry;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core.Tests;

/// <summary>Every setting has one name, in the records, in local.settings.sample.json and in docs/settings.md; and no wrong one gets far.</summary>
public sealed partial class SettingsTests
{
    private static readonly (string Section, Type Record)[] Records =
    [
        ("Access", typeof(AccessSettings)),
        ("Advisories", typeof(AdvisorySettings)),
        ("Api", typeof(ApiSettings)),
        ("Badges", typeof(BadgeSettings)),
        ("Cluster", typeof(ClusterSettings)),
        // One feed stands for all; a name that is none would stop the start.
        ("Feeds__osv", typeof(FeedSettings)),
        ("Limits", typeof(ImageLimits)),
        ("Limits", typeof(LayerLimits)),
        ("Limits", typeof(InspectionLimits)),
        ("Limits", typeof(SignatureLimits)),
        ("Layers", typeof(LayerSettings)),
        ("Notifications__0", typeof(NotificationSettings)),
        ("Policies", typeof(PolicySettings)),
        ("Registries__0", typeof(RegistrySettings)),
        ("RegistryClient", typeof(RegistryClientSettings)),
        ("Retention", typeof(RetentionSettings)),
        ("Scan", typeof(ScanSettings)),
        ("Signatures", typeof(SignatureSettings)),
        ("Secrets", typeof(SecretSettings)),
        // As with feeds, one stands for all.
        ("Webhooks__generic", typeof(WebhookSettings)),
        ("WebhookLimits", typeof(WebhookLimits)),
        ("Watch", typeof(WatchSettings)),
        ("Health", typeof(HealthSettings)),
        ("Telemetry", typeof(TelemetrySettings)),
        ("AzureWebJobsStorage", typeof(StorageSettings)),
    ];

    // What the head decides, or the section Limits says.
    private static readonly string[] NoSettings = ["RegistryClient__AllowLoopbackRegistries", "RegistryClient__Limits"];

    // What an example says in place of the default, and what is the host's own.
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
        ["AzureWebJobsDisableHomepage"] = "true",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Access__Tokens__0__Name"] = "ci",
        ["Access__Tokens__0__Hash"] = new string('0', 64),
        ["Access__Tokens__0__Role"] = "Scan",
        ["Registries__0__Host"] = "registry.example.com",
        ["ClusterQueue"] = "no-cluster",
        ["AzureWebJobs.ClusterQueue.Disabled"] = "true",
        ["AzureWebJobs.ClusterPoisonQueue.Disabled"] = "true",
        ["AzureWebJobs.ClusterBackgroundQueue.Disabled"] = "true",
        ["AzureWebJobs.ClusterBackgroundPoisonQueue.Disabled"] = "true",
        ["AzureWebJobs.ClusterHeartbeat.Disabled"] = "true",
    };

    private const int LongestLine = 160;

    private static readonly SortedDictionary<string, string> Defaults = DefaultsOf(Records);

    [Fact]
    public void EveryRecordOfSettingsIsRead()
    {
        IEnumerable<Type> records = typeof(Composition).Assembly.GetTypes().Where(type =>
            type.IsPublic && (type.Name.EndsWith("Settings", StringComparison.Ordinal) || type.Name.EndsWith("Limits", StringComparison.Ordinal)));

        Assert.Equal(records.Select(type => type.Name).Order(), Records.Select(record => record.Record.Name).Order());
    }

    [Fact]
    public void TheSampleHasThemAllAndNoOther()
    {
        var expected = new SortedDictionary<string, string>(Defaults);
        foreach ((string name, string value) in Examples)
        {
            expected[name] = value;
        }

        Assert.Equal(expected, Sample());
    }

    [Fact]
    public void TheReadmeHasThemAllWithTheirDefaults() => Assert.Equal(Defaults, Documented());

    [Fact]
    public void TheReadmeStaysShort() => Assert.InRange(File.ReadLines(Repository.Path("README.md")).Count(), 1, 149);

    [Fact]
    public void NoLineOfTheSourceIsLong()
    {
        string src = Repository.Path("src");
        IEnumerable<string> files = Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(src, file).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"));
        string[] lines = [.. files.SelectMany(file => File.ReadLines(file).Select((line, at) => (Where: $"{file}:{at + 1}", line.Length)))
            .Where(line => line.Length > LongestLine).Select(line => line.Where)];

        Assert.Empty(lines);
    }

    [Fact]
    public void TheSampleIsRead()
    {
        using ServiceProvider services = Compose([.. Sample().Select(setting => (setting.Key, setting.Value))]);

        Assert.Equal(new RegistryClientSettings(), services.GetRequiredService<RegistryClientSettings>());
        Assert.Equal(new ImageLimits(), services.GetRequiredService<ImageLimits>());
        Assert.Equal(new LayerLimits(), services.GetRequiredService<LayerLimits>());
        Assert.Equal(new InspectionLimits(), services.GetRequiredService<InspectionLimits>());
        Assert.Equal(new ScanSettings(), services.GetRequiredService<ScanSettings>());
        Assert.Equal([new RegistrySettings { Host = "registry.example.com" }], services.GetRequiredService<IReadOnlyList<RegistrySettings>>());
        Assert.Equal(
            [new AccessToken { Name = "ci", Hash = new string('0', 64), Role = AccessRole.Scan }],
            services.GetRequiredService<AccessSettings>().Tokens);
    }

    [Fact]
    public void EveryNumberIsReadAndBounded()
    {
        IEnumerable<string> numbers = Defaults.Where(setting => double.TryParse(setting.Value, CultureInfo.InvariantCulture, out _)).Select(setting => setting.Key);
        foreach (string name in numbers)
        {
            Assert.StartsWith($"{name} is 'abc'; it must be ", Refusal(name, "abc"), StringComparison.Ordinal);
            Assert.StartsWith($"{name} is '-1'; it must be ", Refusal(name, "-1"), StringComparison.Ordinal);
            Assert.StartsWith($"{name} is '9223372036854775808'; it must be ", Refusal(name, "9223372036854775808"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryBoundIsOneOfASetting() => Assert.Subset(new HashSet<string>(Defaults.Keys), new HashSet<string>(SettingsSection.Bounds.Keys));

    [Theory]
    [InlineData("Scan__WaitSeconds", "0", "Scan__WaitSeconds is '0'; it must be a whole number from 1 to 230.")]
    [InlineData("Scan__WaitSeconds", "231", "Scan__WaitSeconds is '231'; it must be a whole number from 1 to 230.")]
    [InlineData("Scan__ParallelLayers", "0", "Scan__ParallelLayers is '0'; it must be a whole number from 1 to 64.")]
    [InlineData("Limits__LayerRatio", "0", "Limits__LayerRatio is '0'; it must be a whole number from 1 to 2147483647.")]
    [InlineData("Limits__ZstdWindowBytes", "1023", "Limits__ZstdWindowBytes is '1023'; it must be a whole number from 1024 to 1073741824.")]
    [InlineData("RegistryClient__ConnectTimeout", "00:00:10", "RegistryClient__ConnectTimeout is '00:00:10'; it must be seconds from 1 to 600.")]
    [InlineData("RegistryClient__StallTimeout", "NaN", "RegistryClient__StallTimeout is 'NaN'; it must be seconds from 1 to 600.")]
    [InlineData("Registries__0__Insecure", "yes", "Registries__0__Insecure is 'yes'; it must be true or false.")]
    [InlineData("Access__TrustForwardedFor", "1", "Access__TrustForwardedFor is '1'; it must be true or false.")]
    [InlineData("Feeds__osv__Enabled", "on", "Feeds__osv__Enabled is 'on'; it must be true or false.")]
    [InlineData("Api__FillLicense", "on", "Api__FillLicense is 'on'; it must be true or false.")]
    [InlineData("Access__Tokens__0__Role", "boss", "Access__Tokens__0__Role is 'boss'; it must be one of Read, Scan, Requester, Approver, Admin.")]
    [InlineData("Policies__Choices__0__State", "on", "Policies__Choices__0__State is 'on'; it must be one of Off, Warn, Fail.")]
    [InlineData("Policies__Path", "/no/such/file", "Policies__Path is '/no/such/file': Could not find a part of the path '/no/such/file'.")]
    [InlineData("Access__Tokens__0__Role", "1", "Access__Tokens__0__Role is '1'; it must be one of Read, Scan, Requester, Approver, Admin.")]
    // Templates number from a hundred on, and an operator looks for what a message names.
    [InlineData("Registries__100__Host", "bad/host", "Registries__100__Host is \"bad/host\"; it must be a host with an optional port, as in image names.")]
    [InlineData("Notifications__100__On", "Changes", "Notifications__100__Name is \"\"; it must be a name of at most 64 characters.")]
    [InlineData("Secrets__Keys__100__Key", "x", "Secrets__Keys__100__Version must be 1 to 64 letters, digits, dots, dashes and underscores.")]
    [InlineData("Badges__Keys__100__Secret", "x", "Badges__Keys__100__Secret has 1 characters; it must have 32 at least, as openssl rand -hex 32 prints them.")]
    public void RefusesWhatCannotBe(string name, string text, string expected) => Assert.Equal(expected, Refusal(name, text));

    // These are looked at when they are first of use.
    [Theory]
    [InlineData("Access__Tokens__100__Hash", typeof(TokenTable), "Access__Tokens__100__Hash ")]
    [InlineData("Access__Users__100__Name", typeof(PasswordTable), "Access__Users__100__Hash ")]
    [InlineData("Access__Issuers__100__Issuer", typeof(IssuerTokens), "Access__Issuers__100__Issuer ")]
    [InlineData("Webhooks__generic__Issuers__100__Issuer", typeof(WebhookSources), "Webhooks__generic__Issuers__100__Issuer ")]
    public void NamesAnEntryByItsOwnNumber(string name, Type reader, string expected)
    {
        using ServiceProvider services = Compose((name, "x"));

        Assert.StartsWith(expected, Assert.ThrowsAny<FormatException>(() => services.GetRequiredService(reader)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEntryThatSaysNothingIsNoneWhateverItsNumber()
    {
        using ServiceProvider services = Compose(("Notifications__100__Name", ""), ("Access__Tokens__100__Name", ""), ("Access__Tokens__100__Hash", ""));

        Assert.Empty(services.GetRequiredService<NotificationRules>().All);
        Assert.Equal(new AccessToken(), Assert.Single(services.GetRequiredService<AccessSettings>().Tokens));
    }

    [Fact]
    public void RefusesAFeedThatIsNone()
    {
        string refusal = Refusal("Feeds__nope__Url", "https://mirror.example.com");

        Assert.StartsWith("Feeds__nope is none of Feeds__NAME; NAME must be one of osv, ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.All(FeedCatalogue.All, feed => Assert.Contains(feed.Description.Name, refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Feeds__cve-list__Url")]
    [InlineData("Feeds__cve_list__Url")]
    [InlineData("FEEDS__CVE_LIST__URL")]
    public void TakesAFeedByItsNameWithDashesOrWithout(string name)
    {
        using ServiceProvider services = Compose((name, "/mirror/cves"));

        FeedChoice feed = services.GetRequiredService<FeedChoices>().All.Single(feed => feed.Name == "cve-list");
        Assert.Equal(("/mirror/cves", true), (feed.Location, feed.IsOn));
    }

    [Fact]
    public void TakesTheSmallestAndTheLargest()
    {
        using ServiceProvider services = Compose(("Scan__InlineBytes", "0"), ("Scan__WaitSeconds", "230"), ("RegistryClient__FirstRetryDelay", "0"));

        Assert.Equal(0, services.GetRequiredService<ScanSettings>().InlineBytes);
        Assert.Equal(230, services.GetRequiredService<ScanSettings>().WaitSeconds);
        Assert.Equal(TimeSpan.Zero, services.GetRequiredService<RegistryClientSettings>().FirstRetryDelay);
    }

    // Those that docs/settings.md gives a meaning of its own to nought.
    [Theory]
    [InlineData("Access__RequestsPerMinute")]
    [InlineData("Scan__LayersPerInstance")]
    [InlineData("Scan__RematchesPerMinute")]
    [InlineData("Retention__ResultDays")]
    [InlineData("Retention__BundleDays")]
    [InlineData("Retention__ExceptionDays")]
    public void NoughtIsTakenWhereItMeansNever(string name)
    {
        using ServiceProvider services = Compose((name, "0"));

        Assert.NotNull(services.GetRequiredService<ScanSettings>());
    }

    [Fact]
    public void TheLimitsOfTheRegistryClientAreThoseOfTheSettings()
    {
        using ServiceProvider services = Compose(("Limits__Redirects", "2"), ("RegistryClient__ConnectTimeout", "1.5"));

        Assert.Equal(2, services.GetRequiredService<RegistryClientSettings>().Limits.Redirects);
        Assert.Equal(TimeSpan.FromSeconds(1.5), services.GetRequiredService<RegistryClientSettings>().ConnectTimeout);
    }

    // Anyone who could set it by mistake would open the machine's own services to callers.
    [Fact]
    public void NoSettingOpensRegistriesOnThisMachine()
    {
        using ServiceProvider services = Compose(("RegistryClient__AllowLoopbackRegistries", "true"));

        Assert.False(services.GetRequiredService<RegistryClientSettings>().AllowLoopbackRegistries);
    }

    private static string Refusal(string name, string text)
    {
        SettingException refusal = Assert.Throws<SettingException>(() => Compose((name, text)));
        return refusal.Message;
    }

    private static ServiceProvider Compose(params (string Name, string Text)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Text)))
            .Build();
        return new ServiceCollection().AddImageScan(configuration, AccessMode.Tokens).BuildServiceProvider();
    }

    private static SortedDictionary<string, string> DefaultsOf(IEnumerable<(string Section, Type Record)> records)
    {
        var defaults = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string section, Type record) in records)
        {
            object settings = Activator.CreateInstance(record)!;
            foreach (PropertyInfo property in record.GetProperties().Where(property => property.CanWrite))
            {
                string name = NameOf(section, property.Name);
                if (NoSettings.Contains(name))
                {
                    continue;
                }

                if (property.GetValue(settings) is IEnumerable and not string)
                {
                    Type entry = property.PropertyType.GetGenericArguments()[0];
                    foreach ((string inner, string text) in DefaultsOf([($"{name}__0", entry)]))
                    {
                        defaults.Add(inner, text);
                    }
                }
                else
                {
                    defaults.Add(name, TextOf(property.GetValue(settings)));
                }
            }
        }

        return defaults;
    }

    // The account goes by the names that the host of Functions gives its own.
    private static string NameOf(string section, string property) => (section, property) switch
    {
        ("AzureWebJobsStorage", nameof(StorageSettings.ConnectionString)) => section,
        ("AzureWebJobsStorage", nameof(StorageSettings.Prefix)) => "Storage__Prefix",
        ("AzureWebJobsStorage", _) => $"{section}__{char.ToLowerInvariant(property[0])}{property[1..]}",
        _ => $"{section}__{property}",
    };

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        Enum named => SettingsSection.NameOf(named),
        TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static SortedDictionary<string, string> Sample()
    {
        using JsonDocument sample = JsonDocument.Parse(File.ReadAllText(Repository.Path("local.settings.sample.json")));
        return new SortedDictionary<string, string>(
            sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!),
            StringComparer.Ordinal);
    }

    private static SortedDictionary<string, string> Documented()
    {
        var documented = new SortedDictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string[]> rows = File.ReadLines(Repository.Path("docs/settings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
        foreach (string[] row in rows)
        {
            if (Several().Match(row[1]) is { Success: true } section)
            {
                foreach (string pair in row[2].Split(", "))
                {
                    Match setting = NameAndDefault().Match(pair);
                    documented.Add($"{section.Groups[1].Value}__{setting.Groups[1].Value}", setting.Groups[2].Value);
                }
            }
            else
            {
                documented.Add(row[1].Trim('`'), row[2].Trim('`'));
            }
        }

        return documented;
    }

    // "`Limits__…` documents": one row for settings of a kind.
    [GeneratedRegex("^`([A-Za-z]+)__…` ")]
    private static partial Regex Several();

    [GeneratedRegex("^`([A-Za-z]+)` ([0-9.]+|true|false)$")]
    private static partial Regex NameAndDefault();
}
