using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Notifications;
using ImageScan.Core.Notifications.Sinks;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(NotificationRules.Of(SettingsSection.ReadList<NotificationSettings>(configuration, "Notifications")))
        .AddSingleton(provider => new NotificationRetention(TimeSpan.FromDays(provider.GetRequiredService<RetentionSettings>().NotificationDays)))
        .AddSingleton<NotificationStore>()
        .AddSingleton(provider => ScanNotifications.SuppressedBy(
            provider.GetRequiredService<Suppressions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<NotificationOutbox>()
        .AddSingleton<ScanNotifications>()
        .AddSingleton<SavedScans>()
        .AddSingleton<NotificationPost>()
        .AddSingleton<EventGridToken>(_ => new EventGridIdentity().TokenAsync)
        .AddSingleton<INotificationSink, WebhookSink>()
        .AddSingleton<INotificationSink, SlackSink>()
        .AddSingleton<INotificationSink, TeamsSink>()
        .AddSingleton<INotificationSink, EventGridSink>()
        .AddSingleton<INotificationSink, AcrQuarantineSink>()
        .AddSingleton<NotificationDelivery>()
        .AddSingleton<NotificationSweep>()
        .AddSingleton<FailedNotifications>()
        .AddSingleton<IApiHandlers, NotificationsApi>();
}
