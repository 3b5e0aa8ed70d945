using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>Lists who changed what.</summary>
public sealed class AuditApi(AuditStore store) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.ListAudit] = ListAsync };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListAuditRequest request = ListAuditRequest.Read(context.Request.Query);
        (IReadOnlyList<AuditEntry> entries, string next) = await store.PageAsync(request.PageToken, request.Limit, cancellationToken);
        return ApiResult.Json(new WireAuditPage([.. entries.Select(Wire)], next));
    }

    private static WireAuditEntry Wire(AuditEntry entry) => new()
    {
        Id = entry.Id.ToString(),
        Begun = entry.BegunAt,
        Ended = entry.EndedAt,
        CallerId = entry.CallerId,
        Caller = entry.Caller,
        Address = entry.Address,
        Operation = entry.Operation,
        Method = entry.Method,
        Path = entry.Path,
        Notes = entry.Notes,
        Status = entry.Status ?? 0,
        Reason = entry.Reason,
    };
}
