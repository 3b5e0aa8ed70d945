using System.Runtime.CompilerServices;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Gives out stored images line by line, one after the other, as ExportImages of StackRox does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/service/service_impl.go): whole, with what is snoozed.
/// </summary>
public sealed class ExportApi(ScanStore store, ImageSearch search, ImageAnswers answers, TimeProvider time) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.ExportImages] = ExportImagesAsync };

    private Task<ApiResult> ExportImagesAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(ApiResult.Stream(InTimeAsync(ExportImagesRequest.Read(context.Request.Query), cancellationToken)));

    private async IAsyncEnumerable<WireExportLine> InTimeAsync(
        ExportImagesRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(request.Patience ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var query = ImageQuery.Parse(request.Query, time.GetUtcNow());
        await using IAsyncEnumerator<WireExportLine> lines = LinesAsync(query, both.Token).GetAsyncEnumerator(both.Token);
        while (true)
        {
            bool isLine;
            try
            {
                both.Token.ThrowIfCancellationRequested();
                isLine = await lines.MoveNextAsync();
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Refusals.TooSlow(retryAfter: null);
            }

            if (!isLine)
            {
                yield break;
            }

            yield return lines.Current;
        }
    }

    private async IAsyncEnumerable<WireExportLine> LinesAsync(ImageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RiskRanks ranks = await search.RanksAsync(cancellationToken);
        await foreach (ListedImage image in search.FindAsync(query, cancellationToken))
        {
            // One that was deleted meanwhile is left out.
            if (await store.FindAsync(Digest.Parse(image.Id), cancellationToken) is { } scan)
            {
                var asked = new GetImageRequest(image.Id, IncludeSnoozed: true, StripDescription: false);
                yield return new WireExportLine(new WireExportedImage(
                    await answers.GetImageAsync(scan, asked, ranks.RankOf(image.Summary.RiskScore), cancellationToken)));
            }
        }
    }
}
