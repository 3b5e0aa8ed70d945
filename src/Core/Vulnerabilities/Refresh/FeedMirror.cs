using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// Copies the documents of feeds into a folder, as they are, for machines without a network: <c>FOLDER/NAME/PATH</c>. A build reads the whole
/// folder, or a setting <c>Feeds__NAME__Url</c> one feed's part of it, also served over http, since indexes are copied too.
/// </summary>
public sealed class FeedMirror(FeedChoices feeds, HttpClient http)
{
    // Begins with a dot, as no document that a folder is searched for does.
    private const string StateName = ".mirror.json";
    private const string Unfinished = ".unfinished-";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true };

    /// <summary>
    /// Asks for all documents of the feeds and keeps those that are new; what the source does not have any more is removed, unless something
    /// failed. Throws <see cref="FeedException"/> for a choice that cannot be, and <see cref="IOException"/> if the folder cannot be written to.
    /// </summary>
    public async Task<IReadOnlyList<FeedCopy>> RunAsync(string folder, RefreshChoice choice, CancellationToken cancellationToken)
    {
        var copies = new List<FeedCopy>();
        foreach (FeedChoice feed in feeds.Of(choice))
        {
            copies.Add(await CopyAsync(feed, Path.Combine(folder, feed.Name), cancellationToken));
        }

        return copies;
    }

    private async Task<FeedCopy> CopyAsync(FeedChoice feed, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (string left in Directory.EnumerateFiles(folder, Unfinished + "*"))
        {
            File.Delete(left);
        }

        var failed = new List<FailedSource>();
        FeedSource source;
        FeedPlan plan;
        try
        {
            (source, plan) = await FeedPlans.MakeAsync(feed.Feed, feed.Location, http, new Dictionary<string, KnownDocument>(), cancellationToken);
        }
        catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
        {
            return new FeedCopy(feed.Feed.Description, 0, 0, [new FailedSource("", broken.Message)]);
        }

        Dictionary<string, string?> known = await ReadStateAsync(folder, cancellationToken);
        var now = new Dictionary<string, string?>(StringComparer.Ordinal);
        int copied = 0;
        foreach (string path in plan.Documents.Select(planned => planned.Path).Concat(source.Opened.ToList()).Distinct(StringComparer.Ordinal))
        {
            string name = path.Length > 0 ? path : feed.Feed.Description.DocumentName is { Length: > 0 } last ? last : "document";
            try
            {
                if (name.StartsWith('.'))
                {
                    throw new FeedException("has a name that the mirror keeps for itself.");
                }

                string file = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
                string? validator = File.Exists(file) ? known.GetValueOrDefault(name) : null;
                await using FeedDocument document = await source.OpenAsync(path, validator, cancellationToken) ?? throw new FeedException("is not there.");
                if (!document.IsUnchanged)
                {
                    await WriteAsync(document.Content, folder, file, cancellationToken);
                    copied++;
                }

                now[name] = document.Validator;
            }
            catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
            {
                failed.Add(new FailedSource(path, broken.Message));
            }
        }

        await FinishAsync(folder, known, now, failed.Count == 0, cancellationToken);
        return new FeedCopy(feed.Feed.Description, now.Count, copied, failed);
    }

    private static async Task FinishAsync(
        string folder, Dictionary<string, string?> known, Dictionary<string, string?> now, bool isWhole, CancellationToken cancellationToken)
    {
        foreach ((string name, string? validator) in known.Where(document => !now.ContainsKey(document.Key)))
        {
            if (isWhole)
            {
                File.Delete(Path.Combine(folder, name));
            }
            else
            {
                now[name] = validator;
            }
        }

        using var state = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(now, Form));
        await WriteAsync(state, folder, Path.Combine(folder, StateName), cancellationToken);
    }

    // Names in it are joined to the folder, so they are held to what a document may be called.
    private static async Task<Dictionary<string, string?>> ReadStateAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, StateName);
        try
        {
            byte[] json = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : [.. "{}"u8];
            return JsonSerializer.Deserialize<Dictionary<string, string?>>(json) is { } state
                ? state.Where(document => FeedSource.IsBelow(document.Key)).ToDictionary(StringComparer.Ordinal)
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static async Task WriteAsync(Stream content, string folder, string path, CancellationToken cancellationToken)
    {
        string unfinished = Path.Combine(folder, Unfinished + Path.GetRandomFileName());
        try
        {
            await using (FileStream file = File.Create(unfinished))
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}

/// <summary>How the copying of one feed went.</summary>
/// <param name="Feed">Which it is.</param>
/// <param name="Documents">Documents that are there now and were asked for.</param>
/// <param name="Copied">Those of them that were new.</param>
/// <param name="Failed">Those that could not be copied, and "" for the feed itself.</param>
public sealed record FeedCopy(FeedDescription Feed, int Documents, int Copied, IReadOnlyList<FailedSource> Failed);
