using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Search;

/// <summary>
/// What images are asked for, in the part of StackRox's search language that <c>docs/images.md</c> describes: <c>Field:value,value+Field:…</c>, where
/// every term must fit, each with one of its values. Terms about names speak of the same name, terms about findings of the same finding.
/// </summary>
public sealed class ImageQuery
{
    private const int MaxCharacters = 16_000;
    private const int MaxValues = 1_000;

    private readonly List<Func<ImageReference, bool>> _names = [];
    private readonly List<Func<ListedImage, bool>> _images = [];

    private ImageQuery()
    {
    }

    /// <summary>Every image.</summary>
    public static ImageQuery All { get; } = new();

    /// <summary>Whether it asks for every image.</summary>
    public bool IsEmpty => _names.Count == 0 && _images.Count == 0 && Findings.IsEmpty;

    /// <summary>What the names that fit begin with; null if they may begin with anything.</summary>
    internal IReadOnlyList<string>? NamePrefixes { get; private set; }

    /// <summary>What the digests that fit begin with; null if they may begin with anything.</summary>
    internal IReadOnlyList<string>? IdPrefixes { get; private set; }

    internal FindingTerms Findings { get; private set; } = new();

    /// <summary>
    /// Reads a query; "" is all images. What StackRox would pass over, a term without a value and a field that images do not have, is refused: it
    /// would find, and delete, images that nobody asked for. Throws <see cref="ImageQueryException"/>.
    /// </summary>
    /// <param name="text">The query.</param>
    /// <param name="now">From when ages are counted.</param>
    public static ImageQuery Parse(string text, DateTimeOffset now)
    {
        if (text.Length > MaxCharacters)
        {
            throw new ImageQueryException($"a query has at most {MaxCharacters:N0} characters");
        }

        var query = new ImageQuery();
        var fields = new HashSet<SearchField>();
        int values = 0;
        foreach (string term in QueryText.TermsOf(text).Where(term => !string.IsNullOrWhiteSpace(term)))
        {
            (string name, IReadOnlyList<string> given) = QueryText.Split(term)
                ?? throw new ImageQueryException($"query term \"{HostileText.Plain(term)}\" is not FIELD:VALUE");
            SearchField field = SearchField.Of(name) ?? throw new ImageQueryException(
                $"images are not searched by \"{HostileText.Plain(name)}\", only by {string.Join(", ", SearchField.All.Select(known => known.Name))}");
            if (!fields.Add(field))
            {
                throw new ImageQueryException($"\"{field.Name}\" is there twice; join its values by commas");
            }

            if ((values += given.Count) > MaxValues)
            {
                throw new ImageQueryException($"a query has at most {MaxValues:N0} values");
            }

            query.Add(field, given, now);
        }

        query.CheckLeading();
        return query;
    }

    /// <summary>Whether an image fits all terms but those that <see cref="Findings"/> leads to otherwise.</summary>
    internal bool Fits(ListedImage image) =>
        _images.All(fits => fits(image))
        && (_names.Count == 0 || image.OtherNames.Prepend(image.Name).Any(FitsName))
        && (!Findings.NeedNoTerms || Findings.Fits(image.Summary.Kinds));

    private bool FitsName(string fullName)
    {
        ImageReference name = ImageReference.TryParse(fullName, out ImageReference? parsed, out _) ? parsed : new ImageReference("", "", "", fullName, null);
        return _names.All(fits => fits(name));
    }

    private void Add(SearchField field, IReadOnlyList<string> values, DateTimeOffset now)
    {
        switch (field)
        {
            case { Part: { } part }:
                TextTest[] names = TextsOf(values);
                _names.Add(name => names.Any(value => value.Fits(part(name))));
                NamePrefixes = field.Name == "Image" ? PrefixesOf(names) : NamePrefixes;
                break;
            case { Text: { } text }:
                TextTest[] texts = TextsOf(values);
                _images.Add(image => texts.Any(value => value.Fits(text(image))));
                IdPrefixes = field.Name == "Image Sha" ? PrefixesOf(texts) : IdPrefixes;
                break;
            case { Number: { } number }:
                Func<decimal, bool>[] numbers = [.. values.Select(NumberTest.Read)];
                _images.Add(image => numbers.Any(fits => fits(number(image))));
                break;
            case { Moment: { } moment }:
                Func<DateTimeOffset, bool>[] moments = [.. values.Select(value => MomentTest.Read(value, now))];
                _images.Add(image => moment(image) is { } at && moments.Any(fits => fits(at)));
                break;
            case { Name: SearchField.Component } when TextsOf(values).Any(value => value.IsAny):
                _images.Add(image => image.Summary.Components > 0);
                break;
            default:
                Findings = WithFinding(field.Name, values);
                break;
        }
    }

    private FindingTerms WithFinding(string field, IReadOnlyList<string> values) => field switch
    {
        SearchField.Severity => WithKind([.. values.Select(KindTest.ReadSeverity)], kind => kind.Severity),
        SearchField.Fixable => WithKind(
            [.. values.Select(KindTest.ReadFlag).Select(flag => (Func<bool, bool>)(isFixable => isFixable == flag))], kind => kind.IsFixable),
        SearchField.Cvss => WithKind([.. values.Select(NumberTest.Read)], kind => kind.Cvss),
        SearchField.ComponentVersion => Findings with { Versions = TextsOf(values) },
        SearchField.Cve => TextsOf(values) is var cves && cves.Any(value => value.IsAny)
            ? Findings with { Kinds = [.. Findings.Kinds, _ => true] }
            : Findings with { Cves = cves },
        _ => Findings with { Components = TextsOf(values) },
    };

    private FindingTerms WithKind<T>(Func<T, bool>[] values, Func<FindingKind, T> part) =>
        Findings with { Kinds = [.. Findings.Kinds, kind => values.Any(fits => fits(part(kind)))] };

    // What is kept by term is found by what it begins with; other values would be looked for in every finding of every image.
    private void CheckLeading()
    {
        if (!Findings.NeedNoTerms && Findings.Leading is null)
        {
            throw new ImageQueryException(
                "a CVE or a component is searched by what it begins with, or as a whole in quotes; other values, and versions, only beside one of these");
        }
    }

    private static TextTest[] TextsOf(IReadOnlyList<string> values) => [.. values.Select(TextTest.Read)];

    private static string[]? PrefixesOf(TextTest[] values) => values.All(value => value.IsRange) ? [.. values.Select(value => value.Value.Text)] : null;
}
