using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Shows which notifications could not be sent, and has them sent again.</summary>
public sealed class NotificationsApi(FailedNotifications failed) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListFailedNotifications] = (_, cancellationToken) => ListAsync(cancellationToken),
        [Operations.RetryNotification] = RetryAsync,
    };

    private async Task<ApiResult> ListAsync(CancellationToken cancellationToken) =>
        ApiResult.Json(new WireFailedNotifications([.. (await failed.ListAsync(cancellationToken)).Select(Wire)]));

    private async Task<ApiResult> RetryAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = context.GetRouteValue("id") as string ?? "";
        AuditNotes.Add(context, $"notification {HostileText.Quote(id)}");
        return await failed.RetryAsync(id, cancellationToken)
            ? ApiResult.Json(new WireEmpty())
            : throw new ApiException(GrpcCode.NotFound, $"there is no failed notification with id {HostileText.Quote(id)}");
    }

    private static WireFailedNotification Wire(StoredNotification stored) => new()
    {
        Id = stored.Id,
        Rule = stored.Rule,
        Occasion = stored.Content is { } content ? NotificationJson.WordOf(content.Occasion) : "",
        Image = stored.Content?.Image ?? "",
        Digest = stored.Content?.Digest.ToString() ?? "",
        Created = stored.CreatedAt,
        Failed = stored.TriedAt,
        Attempts = stored.Attempts,
        Reason = stored.Reason,
    };
}
