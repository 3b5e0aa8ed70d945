using System.Globalization;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.EndOfLifeDate;

/// <summary>A product of endoflife.date as its API gives it (https://endoflife.date/docs/api/v1/), and which of them are distributions.</summary>
internal static class EndOfLifeProduct
{
    public const string NoDistribution = "a product that is no distribution known here";
    public const string NoEnd = "a release without an announced end";

    private const int MaxReleases = 1000;

    // Their names there, and os-release IDs.
    private static readonly Dictionary<string, string> Distributions = new(StringComparer.Ordinal)
    {
        ["almalinux"] = "almalinux",
        ["alpine-linux"] = "alpine",
        ["amazon-linux"] = "amzn",
        ["centos"] = "centos",
        ["centos-stream"] = "centos-stream",
        ["debian"] = "debian",
        ["devuan"] = "devuan",
        ["fedora"] = "fedora",
        ["mageia"] = "mageia",
        ["opensuse"] = "opensuse-leap",
        ["oracle-linux"] = "ol",
        ["rhel"] = "rhel",
        ["rocky-linux"] = "rocky",
        ["sles"] = "sles",
        ["ubuntu"] = "ubuntu",
    };

    public static bool IsDistribution(string product) => Distributions.ContainsKey(product);

    /// <summary>The ends of its releases; none if it is no distribution, which <paramref name="report"/> then has. Throws nothing.</summary>
    public static IReadOnlyList<ReleaseEnd> EndsOf(JsonElement product, FeedReport report)
    {
        try
        {
            if (JsonText.Short(product, "name") is not { } name)
            {
                report.AddMalformed("products", "has one without a name");
                return [];
            }

            if (!IsDistribution(name))
            {
                report.AddSkipped(NoDistribution);
                return [];
            }

            return
            [
                .. JsonText.List(product, "releases", MaxReleases)
                    .Select(release => EndOf(
                        name, JsonText.Short(release, "name"), JsonText.Short(release, "eolFrom"), JsonText.Short(release, "eoesFrom"), report))
                    .OfType<ReleaseEnd>(),
            ];
        }
        catch (InvalidOperationException)
        {
            report.AddMalformed("products", "has one with a text that is no Unicode");
            return [];
        }
    }

    /// <summary>The end of a release; null if none is announced, or something is wrong with it, which <paramref name="report"/> then has.</summary>
    /// <param name="product">A distribution.</param>
    /// <param name="release">Its number.</param>
    /// <param name="end">The last day for everybody; null, or a word such as <c>false</c>, if there is none yet.</param>
    /// <param name="extended">The last day for some.</param>
    /// <param name="report">Takes down what is wrong.</param>
    public static ReleaseEnd? EndOf(string product, string? release, string? end, string? extended, FeedReport report)
    {
        if (release is null || !release.All(letter => char.IsAsciiDigit(letter) || letter == '.'))
        {
            report.AddMalformed(product, "has a release without a number");
            return null;
        }

        if (end is null or "" or "true" or "false")
        {
            report.AddSkipped(NoEnd);
            return null;
        }

        if (CveDates.ParseDay(end) is not { } endsOn)
        {
            report.AddMalformed($"{product} {release}", "has an end that is no date");
            return null;
        }

        DateOnly? extendedUntil = CveDates.ParseDay(extended);
        return new ReleaseEnd(IdOf(product, release), release, endsOn, extendedUntil > endsOn ? extendedUntil : null);
    }

    // openSUSE up to 13.2, and Leap of 42.1 to 42.3, had the ID "opensuse" (https://en.opensuse.org/SDB:Find_openSUSE_version).
    private static string IdOf(string product, string release) =>
        product == "opensuse"
        && (!int.TryParse(release.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) || major is < 15 or >= 42)
            ? "opensuse"
            : Distributions[product];
}
