using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Which products the repositories belong to that Red Hat's packages come from
/// (https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/#rpm-repository-to-cpe-mapping):
/// <c>{"data":{"rhel-9-for-x86_64-baseos-rpms":{"cpes":["cpe:/o:redhat:enterprise_linux:9::baseos"],"repo_relative_urls":[…]}}}</c>.
/// </summary>
public sealed class RedHatRepositoriesFeed : IAdvisoryFeed
{
    /// <summary>The largest file taken, 64 MiB; the real one has some megabytes.</summary>
    public const int MaxBytes = 64 << 20;

    private const string FileName = "repository-to-cpe.json";

    // A repository of all minor releases has some dozens.
    private const int MaxCpes = 1_000;

    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 16 };

    public FeedDescription Description { get; } = new()
    {
        Name = "redhat-repositories",
        Title = "Red Hat repositories and their products",
        Licence = "CC BY 4.0, https://access.redhat.com/security/data",
        Address = "https://security.access.redhat.com/data/metrics/repository-to-cpe.json",
    };

    public bool Recognises(string path) => path == FileName || path.EndsWith("/" + FileName, StringComparison.Ordinal);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        byte[] json = await FeedContent.ReadAllAsync(content, MaxBytes, cancellationToken);
        using JsonDocument parsed = Parse(json);
        JsonElement data = VexFields.Part(parsed.RootElement, "data");
        if (data.ValueKind != JsonValueKind.Object)
        {
            throw new FeedException("It has no object 'data'.");
        }

        foreach (JsonProperty repository in data.EnumerateObject())
        {
            if (TryRead(repository, report) is { } cpes)
            {
                yield return cpes;
            }
        }
    }

    private static JsonDocument Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, Bounded);
        }
        catch (JsonException broken)
        {
            throw new FeedException("It is no valid JSON: " + broken.Message, broken);
        }
    }

    private static RepositoryCpes? TryRead(JsonProperty repository, FeedReport report)
    {
        try
        {
            if (repository.Value.ValueKind == JsonValueKind.Object && repository.Name is { Length: > 0 and <= 256 } name)
            {
                string[] cpes =
                [
                    .. VexFields.Ids(repository.Value, "cpes").Where(cpe => RedHatProduct.EcosystemOf(cpe) is not null)
                        .Distinct(StringComparer.Ordinal).Take(MaxCpes),
                ];
                if (cpes.Length > 0)
                {
                    return new RepositoryCpes(name, cpes);
                }

                report.AddSkipped("of no product of Red Hat's");
                return null;
            }

            report.AddMalformed(FileName, "has an entry that is no repository");
        }
        catch (InvalidOperationException broken)
        {
            // Text that is no UTF-8, or half a surrogate pair, is noticed only when it is taken out.
            report.AddMalformed(FileName, "has an entry that is no text: " + broken.Message);
        }

        return null;
    }
}
