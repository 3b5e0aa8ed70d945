using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Layers;
using ImageScan.Core.Policies;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Scans.Integrations;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Signatures;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Storage.Sealing;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.Core.Vulnerabilities.Refresh;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core;

/// <summary>Which class serves which, for both heads; a head registers first what it wants otherwise.</summary>
public static partial class Composition
{
    /// <summary>
    /// Registers all of Core; settings are read from <paramref name="configuration"/>, each section once. <paramref name="mode"/> says who
    /// needs a token. Throws <see cref="SettingException"/> for a setting that cannot be.
    /// </summary>
    public static IServiceCollection AddImageScan(this IServiceCollection services, IConfiguration configuration, AccessMode mode)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddImageReading(configuration);
        services.TryAddSingleton(StorageSettings.From(configuration));
        services.AddSingleton(SettingsSection.Read<AccessSettings>(configuration, "Access"));
        services.AddSingleton(SettingsSection.Read<ApiSettings>(configuration, "Api"));
        services.AddSingleton(SettingsSection.Read<RetentionSettings>(configuration, "Retention"));
        services.AddSingleton(SettingsSection.Read<WatchSettings>(configuration, "Watch"));
        services.AddSingleton(PolicySet.From(SettingsSection.Read<PolicySettings>(configuration, "Policies")));
        services.AddSingleton(SettingsSection.Read<ClusterSettings>(configuration, "Cluster").Checked(configuration[ClusterSettings.QueueSetting]));
        services
            .AddSingleton<StorageAccount>()
            .AddSingleton<ScanStore>()
            .AddSingleton<ImageList>()
            .AddSingleton<RiskLedger>()
            .AddSingleton<TermStore>()
            .AddSingleton<ImageSearch>()
            .AddSingleton<ChangeStore>()
            .AddSingleton<ImageRematch>()
            .AddSingleton<LayerStore>()
            .AddSingleton<BundleStore>()
            .AddSingleton<LayerBundles>()
            .AddSingleton<JobStore>()
            .AddSingleton<ScanQueues>()
            .AddSingleton<FurtherNames>()
            .AddSingleton<ScanStep>()
            .AddSingleton<JobResumption>()
            .AddSingleton<JobPromotion>()
            .AddSingleton<JobWatch>()
            .AddSingleton<JobSweep>()
            .AddSingleton<ScanDispatcher>()
            .AddSingleton<ScanQueueHandler>()
            .AddSingleton<LayerQueueHandler>()
            .AddSingleton<MixedQueueHandler>()
            .AddSingleton<BackgroundQueueHandler>()
            .AddSingleton<ImageRemoval>()
            .AddSingleton<ImageSweep>()
            .AddSingleton<LayerSweep>()
            .AddSingleton<ListSweep>()
            .AddSingleton<OldJobs>()
            .AddSingleton<OldRows>()
            .AddSingleton<SweepMemory>()
            .AddSingleton<StorageSweep>()
            .AddSingleton<SuppressionStore>()
            .AddSingleton<Suppressions>()
            .AddSingleton<Snoozes>()
            .AddSingleton<VulnerabilityExceptions>()
            .AddSingleton<FixableCves>()
            .AddSingleton<ExceptionSweep>()
            .AddSingleton<SignatureIntegrationStore>()
            .AddSingleton<SignatureIntegrations>()
            .AddSingleton<SignatureStore>()
            .AddSingleton<SignatureFetch>(provider => provider.GetRequiredService<SignatureFetcher>().FetchAsync)
            .AddSingleton(provider => JudgeOf(provider.GetRequiredService<SignatureVerifier>()))
            .AddSingleton<ImageSignatures>()
            .AddSingleton(new SecretSealer(SettingsSection.Read<SecretSettings>(configuration, "Secrets")))
            .AddSingleton<ImageIntegrationStore>()
            .AddSingleton<ImageIntegrationChecks>()
            .AddSingleton<ImageIntegrations>()
            .AddSingleton<AccountLookup>(provider => provider.GetRequiredService<ImageIntegrations>().AccountsOfAsync)
            .AddSingleton<IntegrationTest>()
            .AddSingleton<WatchStore>()
            .AddSingleton<WatchedImages>()
            .AddSingleton<ClusterStore>()
            .AddSingleton<DelegationStore>()
            .AddSingleton<ScanDelegation>()
            .AddSingleton<ClusterHeartbeat>()
            .AddHostedService<ClusterPulse>()
            .AddSingleton<TokenTable>()
            .AddSingleton<PasswordTable>()
            .AddSingleton<ApiTokenStore>()
            .AddSingleton<ApiTokens>()
            .AddSingleton<IssuerTokens>()
            .AddSingleton<FailedAttempts>()
            .AddSingleton<CallerAllowance>()
            .AddSingleton<AuditStore>()
            .AddSingleton<AuditTrail>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<AccessCheck>(provider, mode))
            .AddSingleton<ApiGate>()
            .AddSingleton<ImageAnswers>()
            .AddSingleton<ImageReports>()
            .AddSingleton<DelegationApi>()
            .AddSingleton<IApiHandlers>(provider => provider.GetRequiredService<DelegationApi>())
            .AddSingleton<CallerScans>()
            .AddSingleton<BuildGate>()
            .AddSingleton<ScanApi>()
            .AddSingleton<IApiHandlers>(provider => provider.GetRequiredService<ScanApi>())
            .AddSingleton<DetectionApi>()
            .AddSingleton<IApiHandlers>(provider => provider.GetRequiredService<DetectionApi>())
            .AddSingleton<IApiHandlers, PoliciesApi>()
            .AddSingleton<ImagesApi>()
            .AddSingleton<IApiHandlers>(provider => provider.GetRequiredService<ImagesApi>())
            .AddSingleton<IApiHandlers, GrpcApi>()
            .AddSingleton<IApiHandlers, StoredImagesApi>()
            .AddSingleton<IApiHandlers, ExportApi>()
            .AddSingleton<IApiHandlers, SbomApi>()
            .AddSingleton<IApiHandlers, DefinitionsApi>()
            .AddSingleton<IApiHandlers, JobsApi>()
            .AddSingleton<IApiHandlers, WatchApi>()
            .AddSingleton<IApiHandlers, AuthApi>()
            .AddSingleton<IApiHandlers, TokensApi>()
            .AddSingleton<IApiHandlers, AuditApi>()
            .AddSingleton<IApiHandlers, AboutApi>()
            .AddSingleton<IApiHandlers, DescriptionApi>()
            .AddSingleton<IApiHandlers, SnoozeApi>()
            .AddSingleton<IApiHandlers, ExceptionsApi>()
            .AddSingleton<IApiHandlers, RequestsApi>()
            .AddSingleton<IApiHandlers, SignatureIntegrationsApi>()
            .AddSingleton<IApiHandlers, ImageIntegrationsApi>()
            .AddSingleton<ApiDispatch>();
        return services.AddPublishedAdvisories().AddWebhooks(configuration).AddHarborAdapter().AddNotifications(configuration)
            .AddHealth(configuration).AddPage().AddReports(configuration).AddTelemetry(configuration);
    }

    /// <summary>
    /// Registers what reads and matches an image; without storage nothing of it is kept. Throws <see cref="SettingException"/>.
    /// </summary>
    public static IServiceCollection AddImageReading(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RegistryClientSettingsOf(configuration));
        services.AddSingleton(RegistriesOf(configuration));
        services.AddSingleton(SettingsSection.Read<ImageLimits>(configuration, "Limits"));
        services.AddSingleton(SettingsSection.Read<LayerLimits>(configuration, "Limits"));
        services.AddSingleton(SettingsSection.Read<SignatureLimits>(configuration, "Limits"));
        services.AddSingleton(SettingsSection.Read<SignatureSettings>(configuration, "Signatures"));
        services.AddSingleton(SettingsSection.Read<InspectionLimits>(configuration, "Limits"));
        services.AddSingleton(SettingsSection.Read<LayerSettings>(configuration, "Layers"));
        services.AddSingleton(SettingsSection.Read<ScanSettings>(configuration, "Scan"));
        services.AddSingleton(SettingsSection.Read<AdvisorySettings>(configuration, "Advisories"));
        services.AddSingleton(FeedChoicesOf(configuration));
        services
            .AddSingleton(provider => new RegistryClient(
                provider.GetRequiredService<IReadOnlyList<RegistrySettings>>(),
                provider.GetRequiredService<RegistryClientSettings>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetService<CredentialLookup>(),
                provider.GetService<AccountLookup>(),
                provider.GetService<ILogger<RegistryClient>>()))
            .AddSingleton<SignatureFetcher>()
            .AddSingleton<SignatureVerifier>()
            .AddSingleton(PackageDetectors.All)
            .AddSingleton<LayerInspection>()
            .AddSingleton(provider => new AdvisorySnapshots(
                provider.GetRequiredService<AdvisorySettings>(),
                provider.GetRequiredService<ILogger<AdvisorySnapshots>>(),
                provider.GetService<ISnapshotPublication>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new LayerReading(
                provider.GetRequiredService<LayerInspection>(),
                provider.GetService<LayerStore>(),
                provider.GetService<LayerBundles>(),
                provider.GetRequiredService<ScanSettings>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new ImageScanner(
                provider.GetRequiredService<LayerReading>(),
                provider.GetRequiredService<AdvisorySnapshots>(),
                provider.GetService<ScanStore>(),
                provider.GetService<ImageRematch>(),
                provider.GetService<ScanNotifications>(),
                provider.GetRequiredService<TimeProvider>()));
        services.AddLogging();
        return services;
    }

    private static SignatureJudge JudgeOf(SignatureVerifier verifier) => new(verifier.VerifyAsync, verifier.Stamp);

    // What needs storage: a host runs the watch, a command that runs once asks by itself.
    private static IServiceCollection AddPublishedAdvisories(this IServiceCollection services) => services
        .AddSingleton<SnapshotBlobs>()
        .AddSingleton<SnapshotPublisher>()
        .AddSingleton(provider => new SnapshotCache(
            provider.GetRequiredService<SnapshotBlobs>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SnapshotCache>>()))
        .AddSingleton<ISnapshotPublication>(provider => provider.GetRequiredService<SnapshotCache>())
        .AddSingleton<SnapshotMaking>(provider => async (path, reading, cancellationToken) =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            using HttpClient http = FeedHttp.Create(time);
            var refresh = new FeedRefresh(
                provider.GetRequiredService<FeedChoices>(),
                new BlobFeedFiles(provider.GetRequiredService<StorageAccount>()),
                http,
                time,
                provider.GetRequiredService<ILogger<FeedRefresh>>())
            { ReadingTimeout = reading };
            RefreshOutcome outcome = await refresh.RunAsync(path, RefreshChoice.BySettings, cancellationToken);
            outcome.EnsurePublishable();
        })
        .AddSingleton<AdvisoryRefreshTimer>()
        .AddHostedService<SnapshotWatch>();

    /// <summary>
    /// How patient the client is, and its limits; whether it may read registries on this machine is for the head to say, not for settings.
    /// Throws <see cref="SettingException"/>.
    /// </summary>
    public static RegistryClientSettings RegistryClientSettingsOf(IConfiguration configuration)
    {
        var settings = SettingsSection.Read<RegistryClientSettings>(configuration, "RegistryClient");
        return Checked(() => SettingLogins.Read(settings.DockerConfigJson), settings with
        {
            AllowLoopbackRegistries = false,
            Limits = SettingsSection.Read<ImageLimits>(configuration, "Limits"),
        });
    }

    // A certificate that cannot be read is better found at the start than by the first scan.
    private static IReadOnlyList<RegistrySettings> RegistriesOf(IConfiguration configuration)
    {
        IReadOnlyList<RegistrySettings> registries = SettingsSection.ReadList<RegistrySettings>(configuration, "Registries");
        return Checked(() => new RegistryDirectory(registries, allowLoopback: false), registries);
    }

    private static T Checked<T>(Func<object?> read, T settings)
    {
        try
        {
            _ = read();
            return settings;
        }
        catch (FormatException wrong) when (wrong is not SettingException)
        {
            throw new SettingException(wrong.Message);
        }
    }

    /// <summary>All feeds, by the settings <c>Feeds__NAME__*</c>. Throws <see cref="SettingException"/>, also for a name that is no feed.</summary>
    public static FeedChoices FeedChoicesOf(IConfiguration configuration) => new(
        FeedCatalogue.All,
        SettingsSection.ReadNamed<FeedSettings>(configuration, "Feeds", [.. FeedCatalogue.All.Select(feed => feed.Description.Name)]));
}
