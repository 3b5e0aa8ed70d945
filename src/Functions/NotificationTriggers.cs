using ImageScan.Core.Api;
using ImageScan.Core.Notifications;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageScan.Functions;

/// <summary>What is sent out after scans, as functions: the queue, the clock, and the routes.</summary>
public sealed class NotificationTriggers(NotificationDelivery delivery, NotificationSweep sweep, ApiDispatch api)
{
    [Function("NotificationQueue")]
    public Task NotificationQueue([QueueTrigger(QueueNames.Notifications)] string message, CancellationToken cancellationToken) =>
        delivery.HandleAsync(message, cancellationToken);

    [Function("NotificationPoisonQueue")]
    public Task NotificationPoisonQueue([QueueTrigger(QueueNames.NotificationsPoison)] string message)
    {
        delivery.HandlePoison(message);
        return Task.CompletedTask;
    }

    [Function("NotificationSweep")]
    public Task NotificationSweep([TimerTrigger(Core.Notifications.NotificationSweep.Schedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        sweep.RunAsync(cancellationToken);

    [Function(nameof(Operations.ListFailedNotifications))]
    public Task ListFailedNotifications(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.FailedNotifications)] HttpRequest request) =>
        api.HandleAsync(Operations.ListFailedNotifications, request.HttpContext);

    [Function(nameof(Operations.RetryNotification))]
    public Task RetryNotification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.RetryNotification)] HttpRequest request) =>
        api.HandleAsync(Operations.RetryNotification, request.HttpContext);
}
