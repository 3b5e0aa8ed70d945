using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Alpine;

/// <summary>
/// Reads Alpine's secdb: a document for each release and repository, <c>v3.20/main.json</c>, with
/// <c>{distroversion, reponame, packages: [{pkg: {name, secfixes: {version: [id]}}}]}</c> (https://secdb.alpinelinux.org/). Alpine fixes nothing
/// in testing, so that has none. What it has not mended is not there.
/// </summary>
public sealed partial class AlpineSecdbFeed : IAdvisoryFeed
{
    private const int MaxIndexBytes = 1024 * 1024;

    // Community came with 3.3 (https://alpinelinux.org/posts/Alpine-3.3.0-released.html).
    private const int FirstWithCommunity = 3;

    // Two a year. A server that has a page for every path would have releases without end.
    private const int LastTried = 99;

    public FeedDescription Description { get; } = new()
    {
        Name = "alpine",
        Title = "Alpine secdb",
        Licence = "CC BY-SA 4.0, https://secdb.alpinelinux.org/license.txt",
        Address = "https://secdb.alpinelinux.org",
    };

    public bool Recognises(string path) => DocumentPath().IsMatch(path);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> releases = await ListedAsync(source, cancellationToken) is { Count: > 0 } listed
            ? listed
            : await TriedAsync(source, cancellationToken);
        return releases.Count == 0
            ? throw new FeedException($"{source.Location} lists no release of Alpine and has none of v3.{FirstWithCommunity} and later.")
            : new FeedPlan { Documents = [.. releases.SelectMany(Documents)] };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DocumentPath().Match(document.Path) is not { Success: true } path)
        {
            throw new FeedException($"{document.Path} does not say which release of Alpine it is of.");
        }

        var repository = new AlpineRepository(path.Groups["release"].Value, path.Groups["repository"].Value);
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        bool isSecdb = false;
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(content, depth: 2, cancellationToken))
        {
            switch (piece.Path)
            {
                case ["distroversion"]:
                    isSecdb = JsonTexts.Text(piece.Value) == repository.Release
                        ? true
                        : throw new FeedException($"It is of another release of Alpine than {repository.Release}, where it lies.");
                    break;
                case ["packages", ""]:
                    isSecdb = true;
                    foreach (Advisory advisory in Package(repository, piece, report))
                    {
                        yield return advisory;
                    }

                    break;
                default:
                    break;
            }
        }

        if (!isSecdb)
        {
            throw new FeedException("It is no secdb of Alpine: it has neither a release nor packages.");
        }
    }

    private static IEnumerable<Advisory> Package(AlpineRepository repository, JsonPiece piece, FeedReport report)
    {
        if (JsonTexts.Member(piece.Value, "pkg") is { } package && JsonTexts.Text(package, "name") is { } name)
        {
            return JsonTexts.Member(package, "secfixes") is { } fixes ? AlpinePackage.Read(repository, name, fixes, report) : [];
        }

        report.AddMalformed($"{repository.Release}/{repository.Repository}", "has a package without a name");
        return [];
    }

    // The page of a web server that lists the folder; a mirror may show none.
    private static async Task<IReadOnlyList<string>> ListedAsync(FeedSource source, CancellationToken cancellationToken)
    {
        try
        {
            await using FeedDocument? index = await source.OpenAsync("", null, cancellationToken);
            if (index is null)
            {
                return [];
            }

            string page = Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(index.Content, MaxIndexBytes, cancellationToken));
            return [.. ReleaseLink().Matches(page).Select(link => link.Groups["release"].Value).Distinct(StringComparer.Ordinal)];
        }
        catch (FeedException)
        {
            return [];
        }
    }

    // Releases are numbered without gaps.
    private static async Task<IReadOnlyList<string>> TriedAsync(FeedSource source, CancellationToken cancellationToken)
    {
        var releases = new List<string>();
        for (int minor = FirstWithCommunity; minor <= LastTried && await IsThereAsync(source, $"v3.{minor}/main.json", cancellationToken); minor++)
        {
            releases.Add($"v3.{minor}");
        }

        if (await IsThereAsync(source, "edge/main.json", cancellationToken))
        {
            releases.Add("edge");
        }

        return releases;
    }

    private static async Task<bool> IsThereAsync(FeedSource source, string path, CancellationToken cancellationToken)
    {
        await using FeedDocument? document = await source.OpenAsync(path, null, cancellationToken);
        return document is not null;
    }

    private static IEnumerable<PlannedDocument> Documents(string release)
    {
        yield return new PlannedDocument($"{release}/main.json");
        bool isOlder = release.StartsWith("v3.", StringComparison.Ordinal)
            && int.Parse(release.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture) < FirstWithCommunity;
        if (!isOlder)
        {
            yield return new PlannedDocument($"{release}/community.json");
        }
    }

    [GeneratedRegex(@"(^|/)(?<release>v\d{1,3}\.\d{1,3}|edge)/(?<repository>main|community)\.json(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentPath();

    [GeneratedRegex(@"href=""(\./)?(?<release>v\d{1,3}\.\d{1,3}|edge)/?""")]
    private static partial Regex ReleaseLink();
}
