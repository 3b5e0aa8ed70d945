using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Vulnerabilities;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageScan.Core.Api;

/// <summary>In which form a caller wants an image, and what of it.</summary>
/// <param name="Format">The format; null for StackRox's JSON, the default.</param>
/// <param name="Filter">What a report is to have; nothing of it narrows JSON, which is whole or not StackRox's.</param>
public sealed record ReportChoice(IReportFormat? Format, ReportFilter Filter)
{
    /// <summary>The name of the default.</summary>
    public const string Json = "json";

    // What clients say of themselves that mean nothing by it: browsers, libraries, "whatever you have". Who wants such a form asks for it by name.
    private static readonly HashSet<string> Vague = new(["application/json", "application/xml", "text/html"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads the parameters <c>format</c>, <c>severity</c> and <c>fixable</c>, and without a format the header <c>Accept</c>. Throws
    /// <see cref="ApiException"/> with code 3, which names all there are, for a format or severity that is none; an Accept that cannot be met is none.
    /// </summary>
    public static ReportChoice Read(HttpRequest request)
    {
        var query = new RequestQuery(request.Query);
        ReportParameters parameters = new(query.Text("format"), query.Text("severity"), query.Flag("fixable"));
        IReadOnlySet<Severity> severities = ReportFilter.TryReadSeverities(parameters.Severity, out IReadOnlySet<Severity>? read, out string? unknown)
            ? read
            : throw Refusals.SeverityUnknown(unknown);
        IReportFormat? format = parameters.Format.Length == 0 ? Accepted(request)
            : parameters.Format.Equals(Json, StringComparison.OrdinalIgnoreCase) ? null
            : ReportFormats.Find(parameters.Format) ?? throw Refusals.FormatUnknown(parameters.Format);
        return new ReportChoice(format, new ReportFilter { Severities = severities, OnlyFixable = parameters.Fixable });
    }

    /// <summary>
    /// The query by which the same is asked of another route, with its question mark. JSON is never narrowed, but may have what is snoozed. It is made of
    /// what was understood, so nothing of the caller's text is in it.
    /// </summary>
    public string Query(Snoozed snoozed, ImageReference name)
    {
        string named = $"name={Uri.EscapeDataString(name.FullName)}{(snoozed == Snoozed.Included ? "&includeSnoozed=true" : "")}";
        if (Format is null)
        {
            return $"?{named}";
        }

        string severities = string.Join(',', Filter.Severities.OrderDescending().Select(severity => severity.ToString().ToLowerInvariant()));
        string narrowed = severities.Length > 0 ? $"&severity={severities}" : "";
        string fixable = Filter.OnlyFixable ? "&fixable=true" : "";
        return $"?format={Format.Name}{narrowed}{fixable}&{named}";
    }

    // The most wanted type that is exactly a format's or JSON's; of two that are wanted alike the one that is named first.
    private static IReportFormat? Accepted(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
        {
            return null;
        }

        return accepted
            .Where(type => type.Quality is not 0)
            .OrderByDescending(type => type.Quality ?? 1)
            .Select(type => type.MediaType.Value ?? "")
            .Select(type => (IsJson: type.Equals("application/json", StringComparison.OrdinalIgnoreCase), Format: FormatOf(type)))
            .FirstOrDefault(choice => choice.IsJson || choice.Format is not null)
            .Format;
    }

    private static IReportFormat? FormatOf(string mediaType) => Vague.Contains(mediaType)
        ? null
        : ReportFormats.All.FirstOrDefault(format => format.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase));
}
