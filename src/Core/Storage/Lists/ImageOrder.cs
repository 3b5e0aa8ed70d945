using System.Globalization;
using System.Text;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// An order of images. Each has two rows an image, one for either direction, whose keys begin with a sortable text of the value and end with the
/// digest: rows of a table come by their keys, and from the front alone. For the first direction of the digests that is the commit row itself.
/// </summary>
public sealed record ImageOrder
{
    public static readonly ImageOrder Id = new('i', image => image.Id[(image.Id.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    public static readonly ImageOrder LastUpdated = new('u', image => KeyOf(image.LastUpdated));

    /// <summary>By registry, repository and tag of the first name.</summary>
    public static readonly ImageOrder Name = new('n', image => NameKeyOf(image.Name));

    /// <summary>By risk score.</summary>
    public static readonly ImageOrder Risk = new('r', image => KeyOf(image.Summary.RiskScore));

    /// <summary>By when the image was made; those that do not say come last.</summary>
    public static readonly ImageOrder Created = new('c', image => image.Created is { } created ? KeyOf(created) : Highest);

    public static readonly ImageOrder Cves = new('v', image => KeyOf(image.Summary.Cves));

    public static readonly ImageOrder FixableCves = new('f', image => KeyOf(image.Summary.FixableCves ?? 0));

    public static readonly ImageOrder Components = new('k', image => KeyOf(image.Summary.Components));

    public static readonly ImageOrder TopCvss = new('t', image => KeyOf(image.Summary.TopCvss ?? 0));

    internal static readonly IReadOnlyList<ImageOrder> All = [Id, LastUpdated, Name, Risk, Created, Cves, FixableCves, Components, TopCvss];

    /// <summary>What keys of all rows of lists begin with: it comes after all digests.</summary>
    internal const string Mark = "~";

    /// <summary>What keys begin with that are rows of further names.</summary>
    internal const string OtherNames = "~o";

    private const string Highest = "ffffffffffffffff";

    // Two hexadecimal digits each; with mark and digest it fits a key.
    private const int MaxNameBytes = 180;

    private readonly char _mark;
    private readonly Func<ListedImage, string> _value;

    private ImageOrder(char mark, Func<ListedImage, string> value) => (_mark, _value) = (mark, value);

    /// <summary>What the keys of all rows of it begin with.</summary>
    internal string PrefixOf(OrderDirection direction) => $"{Mark}{_mark}{(direction == OrderDirection.Ascending ? 'a' : 'd')}";

    /// <summary>The keys of all rows of an image that are there for the orders alone.</summary>
    internal static IEnumerable<string> KeysOf(ListedImage image) =>
        All.SelectMany(order => Enum.GetValues<OrderDirection>().Select(direction => order.KeyOf(image, direction))).Where(key => key != image.Id);

    /// <summary>The key of an image's row. It sorts images that are kept and those that were only read.</summary>
    internal string KeyOf(ListedImage image, OrderDirection direction)
    {
        if (this == Id && direction == OrderDirection.Ascending)
        {
            return image.Id;
        }

        // The mark between is lower than every digit, and the other one higher, so that what begins another comes before it, or after.
        string value = _value(image);
        return direction == OrderDirection.Ascending
            ? $"{PrefixOf(direction)}{value}-{image.Id}"
            : $"{PrefixOf(direction)}{Inverted(value)}|{image.Id}";
    }

    /// <summary>
    /// A name, or the beginning of one, so that names sort by registry, then repository, then tag, whatever the case: the marks between these come
    /// before all that stands in names.
    /// </summary>
    internal static string NameKeyOf(string name)
    {
        char[] text = name.ToLowerInvariant().ToCharArray();
        int slash = Array.IndexOf(text, '/');
        int colon = slash < 0 ? -1 : Array.IndexOf(text, ':', slash);
        if (slash >= 0)
        {
            text[slash] = '\u0001';
        }

        if (colon >= 0)
        {
            text[colon] = '\u0001';
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, MaxNameBytes)));
    }

    private static string KeyOf(DateTimeOffset moment) => moment.UtcTicks.ToString("x16", CultureInfo.InvariantCulture);

    private static string KeyOf(int number) => number.ToString("x8", CultureInfo.InvariantCulture);

    // The bits of floats sort as the floats do, as long as none is negative.
    private static string KeyOf(float number) => BitConverter.SingleToUInt32Bits(Math.Max(number, 0)).ToString("x8", CultureInfo.InvariantCulture);

    private static string Inverted(string hex) => string.Create(hex.Length, hex, (inverted, digits) =>
    {
        for (int i = 0; i < inverted.Length; i++)
        {
            inverted[i] = "fedcba9876543210"[Convert.ToInt32(digits[i].ToString(), 16)];
        }
    });
}

/// <summary>Which end of an order comes first.</summary>
public enum OrderDirection
{
    Ascending,
    Descending,
}
