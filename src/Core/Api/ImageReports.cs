using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Api;

/// <summary>
/// Makes reports of scans, with what has been decided about their vulnerabilities, the same that <see cref="ImageAnswers"/> says. Throws
/// <see cref="StorageException"/> where that is not known: a report that may show what is not to be seen is none.
/// </summary>
public sealed class ImageReports(Suppressions suppressions, TimeProvider time)
{
    private const int MaxFileNameCharacters = 120;

    /// <summary>The answer in the format that was chosen, which must not be JSON; as a file to keep, unless it is one to look at.</summary>
    public async Task<ApiResult> WriteAsync(
        Scan scan, ImageReference? name, ReportChoice choice, Snoozed snoozed, CancellationToken cancellationToken)
    {
        IReportFormat format = choice.Format ?? throw new ArgumentException("JSON is written elsewhere.", nameof(choice));
        ImageReport report = choice.Filter.Apply(await OfAsync(scan, name, snoozed, cancellationToken));
        using var document = new MemoryStream();
        format.Write(report, document);
        string type = format.MediaType.StartsWith("text/", StringComparison.Ordinal) ? $"{format.MediaType}; charset=utf-8" : format.MediaType;
        string disposition = format is TableReport ? "inline" : "attachment";
        return ApiResult.Bytes(document.GetBuffer().AsMemory(0, (int)document.Length), type)
            .With("Content-Disposition", $"{disposition}; filename={FileNameOf(report)}.{format.FileExtension}");
    }

    /// <summary>The report of a scan under the name that it was asked for; null for none, and then only what holds for all images is decided.</summary>
    public async Task<ImageReport> OfAsync(Scan scan, ImageReference? name, Snoozed snoozed, CancellationToken cancellationToken)
    {
        SuppressionSet current = await suppressions.CurrentAsync(cancellationToken);
        ImageSuppression suppression = current.For(name, time.GetUtcNow());
        ImageReport report = ImageReport.Of(scan, name).Decided(reported => DecisionOf(suppression.Of(reported.Finding.Cve)));
        report = VexDecisions.Apply(report, current.Vex);
        return snoozed == Snoozed.Included ? report : report.WithoutDecided();
    }

    // Hidden is what is snoozed or has a state, as SnoozeFilter has it.
    private static ReportedDecision? DecisionOf(CveSuppression decided)
    {
        if (decided is { Snooze: null, State: null })
        {
            return null;
        }

        VulnerabilityException? exception = decided.Exception;
        string comment = exception?.Comments is [var first, ..] ? first.Message : "";
        return decided.State == ExceptionTarget.FalsePositive
            ? new ReportedDecision(DecisionKind.FalsePositive, comment, Until: null)
            : new ReportedDecision(DecisionKind.Deferred, comment, exception is null ? decided.Snooze?.Expiry : exception.Expiry?.ExpiresOn);
    }

    // Letters, digits and dashes: nothing that ends the header or leaves a folder.
    private static string FileNameOf(ImageReport report)
    {
        string name = SbomApi.FileNameOf(report.ImageName);
        return name.Trim('-') is not { Length: > 0 } plain ? "image" : plain[..Math.Min(plain.Length, MaxFileNameCharacters)];
    }
}
