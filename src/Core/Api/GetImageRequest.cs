using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.GetImageRequest</c>.</summary>
/// <param name="Id">The digest under which the image is kept, with its algorithm.</param>
/// <param name="IncludeSnoozed">Also give what has been snoozed.</param>
/// <param name="StripDescription">Leave the summaries out.</param>
public sealed record GetImageRequest(string Id, bool IncludeSnoozed, bool StripDescription)
{
    /// <summary>The id as the caller wrote it, which is named where there is no such image.</summary>
    internal string Asked { get; init; } = Id;

    /// <summary>The name under which the image is meant, which is an addition of this app; null for the first of its names.</summary>
    internal ImageReference? Name { get; init; }

    /// <summary>
    /// Reads route value and query. An id without algorithm is taken for sha256. Throws <see cref="ApiException"/> with code 3 if it is
    /// empty or a parameter cannot be read.
    /// </summary>
    public static GetImageRequest Read(string? id, IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        return string.IsNullOrEmpty(id)
            ? throw Refusals.ImageIdMissing()
            : Of(id, parameters.Flag("includeSnoozed"), parameters.Flag("stripDescription")) with { Name = parameters.Name() };
    }

    /// <summary>The request for an id as its caller wrote it. Throws <see cref="ApiException"/> with code 3 if it is empty.</summary>
    internal static GetImageRequest Of(string id, bool includeSnoozed, bool stripDescription)
    {
        if (id.Length == 0)
        {
            throw Refusals.ImageIdMissing();
        }

        string digest = id.Contains(':', StringComparison.Ordinal) ? id : $"sha256:{id}";
        return new(digest, includeSnoozed, stripDescription) { Asked = id };
    }
}
