using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Api;

/// <summary>How an image's findings went, in the wire form.</summary>
internal static class HistoryAnswer
{
    public static WireImageHistory Of(FindingHistory history) => new()
    {
        Points =
        [
            .. history.Points.Select(point => new WireHistoryPoint
            {
                At = point.At,
                Advisories = ChangesAnswer.AdvisoriesOf(point.Advisories),
                Counts = CountsOf(point.Counts),
                Before = point.Before is { } before ? CountsOf(before) : null,
            }),
        ],
        Images =
        [
            .. history.Images.Select(image => new WireHistoryImage
            {
                Id = image.Id,
                Name = image.Name,
                Created = image.Created,
                ScannedAt = image.ScannedAt,
                Counts = CountsOf(image.Counts),
            }),
        ],
    };

    private static WireFindingCounts CountsOf(SeverityCounts counts) => new()
    {
        Total = counts.Total,
        Fixable = counts.Fixable,
        Critical = counts.Critical,
        Important = counts.Important,
        Moderate = counts.Moderate,
        Low = counts.Low,
        Unknown = counts.Unknown,
    };
}
