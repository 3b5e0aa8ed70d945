using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Scans that nobody waits for: how they are begun and asked after
/// (https://learn.microsoft.com/azure/architecture/patterns/async-request-reply).
/// </summary>
public sealed class JobsApi(JobStore jobs) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.GetScan] = GetAsync };

    // A small scan is done by then, and a long one takes no harm from being asked after so often.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The answer to whoever would rather not wait for this job: 202, and where to ask after it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="preferences">What the caller likes.</param>
    /// <param name="query">What is to be asked of the image when it is there, with its question mark.</param>
    internal static ApiResult Accepted(ScanJob job, Preferences preferences, string query) => Open(job, StatusCodes.Status202Accepted)
        .With("Location", $"/v1/scans/{Uri.EscapeDataString(job.Id)}{query}")
        .With(Preferences.AppliedHeader, preferences.AppliedAsync);

    /// <summary>
    /// The status resource: 200 while the job is open and when it has failed, 303 to the image when it is done, in the form and by the name that were
    /// asked for, else by the job's own. Throws <see cref="ApiException"/> with code 5 if there is no such job, or none any more, and with code 3 for a
    /// form that there is not.
    /// </summary>
    public async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = context.GetRouteValue("id") as string ?? "";
        Snoozed snoozed = new RequestQuery(context.Request.Query).Flag("includeSnoozed") ? Snoozed.Included : Snoozed.LeftOut;
        ImageReference? name = new RequestQuery(context.Request.Query).Name();
        ReportChoice choice = ReportChoice.Read(context.Request);
        return await jobs.FindWholeAsync(id, cancellationToken) switch
        {
            null => throw Refusals.ScanUnknown(id),
            { State: ScanJobState.Done, ResultId: { } image } job => ApiResult.Json(JobAnswer.Of(job), StatusCodes.Status303SeeOther)
                .With("Location", $"/v1/images/{image}{choice.Query(snoozed, name ?? CallerScans.ReferenceOf(job.ImageName))}"),
            { IsOpen: true } job => Open(job, StatusCodes.Status200OK),
            var failed => ApiResult.Json(JobAnswer.Of(failed)),
        };
    }

    private static ApiResult Open(ScanJob job, int status) =>
        ApiResult.Json(JobAnswer.Of(job), status).With("Retry-After", LookAgainAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture));
}
