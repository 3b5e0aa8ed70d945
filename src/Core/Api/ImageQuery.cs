using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// The part of StackRox's search language that its scripts use on images: <c>Image:VALUE</c>, terms joined by <c>+</c>, values by comma. A
/// value is a prefix of the full name; in double quotes it is the whole of it (pkg/search of StackRox).
/// </summary>
public sealed class ImageQuery
{
    private const string ImageField = "Image";

    private readonly IReadOnlyList<string[]> _terms;

    private ImageQuery(IReadOnlyList<string[]> terms) => _terms = terms;

    /// <summary>Reads a query; "" is all images. Throws <see cref="ApiException"/> with code 3 for a field that is not searched yet.</summary>
    public static ImageQuery Parse(string query) =>
        new([.. query.Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ValuesOf)]);

    /// <summary>Those of the images that every term fits.</summary>
    public IEnumerable<ListedImage> Of(IEnumerable<ListedImage> images) =>
        images.Where(image => _terms.All(values => values.Any(value => image.OtherNames.Prepend(image.Name).Any(name => Fits(name, value)))));

    private static string[] ValuesOf(string term)
    {
        int colon = term.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !term[..colon].Equals(ImageField, StringComparison.OrdinalIgnoreCase))
        {
            // Ignoring a term would answer with images that nobody asked for.
            throw new ApiException(
                GrpcCode.InvalidArgument, $"query term \"{HostileText.Plain(term)}\" cannot be searched here, only {ImageField}:NAME: invalid arguments");
        }

        return term[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
    }

    private static bool Fits(string name, string value) => value is ['"', .., '"'] and { Length: >= 2 }
        ? name.Equals(value[1..^1], StringComparison.OrdinalIgnoreCase)
        : name.StartsWith(value, StringComparison.OrdinalIgnoreCase);
}
