using ImageScan.Core.Storage.Lists;

namespace ImageScan.Core.Scans.Search;

/// <summary>An order of images under StackRox's name (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/sortfields/fields_map.go).</summary>
/// <param name="Order">The order.</param>
/// <param name="Direction">Which end comes first.</param>
public sealed record ImageSort(ImageOrder Order, OrderDirection Direction)
{
    /// <summary>
    /// That of those who ask for none: what was not updated for the longest comes first
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/central/image/datastore/search/searcher_impl_v2.go).
    /// </summary>
    public static readonly ImageSort Default = new(ImageOrder.LastUpdated, OrderDirection.Ascending);

    /// <summary>The fields by which lists are sorted, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "Last Updated", "Image", "Image Sha", "Image Risk Priority", "Image Risk Score", "Image Created Time", "Image CVE Count", "Fixable CVE Count",
        "Component Count", "Image Top CVSS",
    ];

    /// <summary>The order by a field, whatever the case; null if lists are not sorted by it.</summary>
    /// <param name="field">The field's name; "" for <see cref="Default"/>.</param>
    /// <param name="isReversed">Whether the highest value comes first.</param>
    public static ImageSort? Of(string field, bool isReversed)
    {
        OrderDirection direction = isReversed ? OrderDirection.Descending : OrderDirection.Ascending;
        return field.ToUpperInvariant() switch
        {
            "" => Default,
            "LAST UPDATED" => new(ImageOrder.LastUpdated, direction),
            "IMAGE" => new(ImageOrder.Name, direction),
            "IMAGE SHA" or "_ID" => new(ImageOrder.Id, direction),
            "IMAGE RISK SCORE" => new(ImageOrder.Risk, direction),

            // The riskiest image has the first place.
            "IMAGE RISK PRIORITY" => new(ImageOrder.Risk, isReversed ? OrderDirection.Ascending : OrderDirection.Descending),
            "IMAGE CREATED TIME" => new(ImageOrder.Created, direction),
            "IMAGE CVE COUNT" => new(ImageOrder.Cves, direction),
            "FIXABLE CVE COUNT" => new(ImageOrder.FixableCves, direction),
            "COMPONENT COUNT" => new(ImageOrder.Components, direction),
            "IMAGE TOP CVSS" => new(ImageOrder.TopCvss, direction),
            _ => null,
        };
    }
}
