using System.Text.Json.Serialization;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>v1.DeleteImagesRequest</c>, which 4.5 binds to query parameters
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).
/// </summary>
/// <param name="Query">Which images and how many of them, <c>query.query=Image:docker.io/library/nginx</c>; "" for all.</param>
/// <param name="Confirm">Whether they are deleted; else they are counted.</param>
public sealed record DeleteImagesRequest(DeleteImagesQuery Query, bool Confirm)
{
    private const string Message = "query.";

    private static readonly string[] Known =
    [
        "query.query", "query.pagination.limit", "query.pagination.offset",
        "query.pagination.sortOption.field", "query.pagination.sort_option.field",
        "query.pagination.sortOption.reversed", "query.pagination.sort_option.reversed",
    ];

    /// <summary>
    /// Reads the query parameters. Throws <see cref="ApiException"/>: with code 13 if there is no query, as StackRox does, and with code 3 if a
    /// parameter cannot be read.
    /// </summary>
    public static DeleteImagesRequest Read(IQueryCollection query)
    {
        // A message is there as soon as one of its fields is, also an empty one.
        if (!query.Keys.Any(key => key.StartsWith(Message, StringComparison.Ordinal)))
        {
            throw Refusals.ScopingQueryMissing();
        }

        // StackRox passes over what it does not know: a query that is misspelt is none, and none is all images.
        if (query.Keys.FirstOrDefault(key => key.StartsWith(Message, StringComparison.OrdinalIgnoreCase) && !Known.Contains(key)) is { } unknown)
        {
            throw new ApiException(
                GrpcCode.InvalidArgument, $"parameter {HostileText.Quote(unknown)} is not known, so nothing is deleted: invalid arguments");
        }

        var parameters = new RequestQuery(query);
        if (parameters.Text($"{Message}pagination.sortOption.field").Length > 0)
        {
            // They are found in the order of their digests, and in another one others would be deleted.
            throw new ApiException(GrpcCode.InvalidArgument, "query.pagination.sortOption cannot be given when images are deleted: invalid arguments");
        }

        return new(
            new DeleteImagesQuery(
                parameters.Text($"{Message}query"), parameters.Number($"{Message}pagination.limit"), parameters.Number($"{Message}pagination.offset")),
            parameters.Flag("confirm"));
    }
}

/// <summary><c>v1.RawQuery</c>.</summary>
/// <param name="Query">The search; "" for all.</param>
/// <param name="Limit">How many images at most; 0 for as many as there are.</param>
/// <param name="Offset">How many to pass over first, in the order of their digests.</param>
public sealed record DeleteImagesQuery(
    string Query, [property: JsonPropertyName("pagination.limit")] int Limit, [property: JsonPropertyName("pagination.offset")] int Offset);
