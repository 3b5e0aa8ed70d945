using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>VEX documents by which findings are taken for false positives. StackRox has none; the routes are our own.</summary>
public sealed class VexApi(VexUploads uploads) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListVex] = ListAsync,
        [Operations.PostVex] = PostAsync,
        [Operations.DeleteVex] = DeleteAsync,
    };

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken) =>
        ApiResult.Json(new WireVexDocuments([.. (await uploads.ListAsync(cancellationToken)).Select(Wire)]));

    private async Task<ApiResult> PostAsync(HttpContext context, CancellationToken cancellationToken)
    {
        byte[] content = await WebhookBody.ReadAsync(context.Request, VexUploads.MaxBytes, cancellationToken)
            ?? throw new ApiException(GrpcCode.InvalidArgument, $"the request body is longer than {VexUploads.MaxBytes} bytes");
        (VexUpload upload, bool isNew) = await uploads.AddAsync(content, context.ExceptionCaller().Actor, cancellationToken);
        Note(context, isNew ? "added" : "had already", upload);
        return ApiResult.Json(Wire(upload));
    }

    private async Task<ApiResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        Note(context, "removed", await uploads.RemoveAsync(context.GetRouteValue("id") as string ?? "", cancellationToken));
        return ApiResult.Json(new WireEmpty());
    }

    private static void Note(HttpContext context, string what, VexUpload upload) => AuditNotes.Add(
        context,
        $"{what} {upload.Format} {upload.Id}, {HostileText.Quote(upload.DocumentId)} of {HostileText.Quote(upload.Author)}, {upload.Statements} statements");

    private static WireVexDocument Wire(VexUpload upload) => new()
    {
        Id = upload.Id,
        Format = upload.Format,
        DocumentId = upload.DocumentId,
        Author = upload.Author,
        Timestamp = upload.Timestamp,
        Statements = upload.Statements,
        Added = upload.AddedAt,
        AddedBy = upload.AddedBy.Name,
    };
}
