using System.Runtime.CompilerServices;

namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>Reads a document of Amazon's advisories. Which release and repository each is of it says itself.</summary>
internal static class AmazonDocument
{
    public static async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        using var xml = new ForwardXml(content);
        bool isUpdates = false;
        while (await xml.ReadAsync(cancellationToken))
        {
            isUpdates |= xml.IsStart && xml.Name == "updates";
            if (xml.IsStart && xml.Name == "update" && await new AmazonUpdates(xml, report).ReadAsync(cancellationToken) is { } advisory)
            {
                yield return advisory;
            }
        }

        if (!isUpdates)
        {
            throw new FeedException("It is no list of updates.");
        }
    }
}
