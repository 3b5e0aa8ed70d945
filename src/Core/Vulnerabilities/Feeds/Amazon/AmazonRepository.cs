using System.Text;

namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>
/// Finds a repository's advisories: its <c>mirror.list</c> names the folder of its newest content, whose <c>repodata/repomd.xml</c> names the
/// document (https://docs.aws.amazon.com/linux/al2023/ug/deterministic-upgrades.html; the addresses are those of
/// https://github.com/quay/claircore/blob/main/aws/releases.go).
/// </summary>
/// <param name="source">Where the repositories are.</param>
/// <param name="lists">Where the lists of mirrors are.</param>
internal sealed class AmazonRepository(FeedSource source, FeedSource lists)
{
    private const int MaxListBytes = 256 * 1024;
    private const int MaxIndexBytes = 4 * 1024 * 1024;

    /// <summary>The path of the document below the source; null if the repository is not there or has no advisories.</summary>
    /// <param name="list">The path of the list of mirrors.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string?> AdvisoriesAsync(string list, CancellationToken cancellationToken)
    {
        await using FeedDocument? mirrors = await lists.OpenAsync(list, null, cancellationToken);
        if (mirrors is null)
        {
            return null;
        }

        string lines = Encoding.UTF8.GetString(await FeedContent.ReadAllAsync(mirrors.Content, MaxListBytes, cancellationToken));
        foreach (string line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // The content is the same for every architecture: each document has them all.
            if (!Uri.TryCreate(line.Replace("$basearch", "x86_64", StringComparison.Ordinal).TrimEnd('/'), UriKind.Absolute, out Uri? mirror))
            {
                continue;
            }

            // Lists name the vendor's own host; where it is mirrored, the same paths lie below the mirror's address.
            string folder = Uri.UnescapeDataString(mirror.AbsolutePath).Trim('/');
            if (folder.Split('/').Any(part => part is "" or "." or ".."))
            {
                continue;
            }

            await using FeedDocument? index = await source.OpenAsync(folder + "/repodata/repomd.xml", null, cancellationToken);
            if (index is not null)
            {
                return await UpdatesAsync(index, cancellationToken) is { } updates ? $"{folder}/{updates}" : null;
            }
        }

        throw new FeedException($"{list} names no mirror that has the repository.");
    }

    private static async Task<string?> UpdatesAsync(FeedDocument index, CancellationToken cancellationToken)
    {
        byte[] content = await FeedContent.ReadAllAsync(index.Content, MaxIndexBytes, cancellationToken);
        using var xml = new ForwardXml(new MemoryStream(content));
        bool isIndex = false;
        string? type = null;
        while (await xml.ReadAsync(cancellationToken))
        {
            if (!xml.IsStart)
            {
                continue;
            }

            type = xml.Name == "data" ? xml.Attribute("type") : type;
            isIndex |= xml.Name == "data";
            if (xml.Name == "location" && type == "updateinfo" && xml.Attribute("href") is { } path && IsBelow(path))
            {
                return path;
            }
        }

        return isIndex ? null : throw new FeedException($"{index.Path} lists nothing.");
    }

    private static bool IsBelow(string path) => !path.Contains(':', StringComparison.Ordinal) && !path.Split('/').Any(part => part is "" or "." or "..");
}
