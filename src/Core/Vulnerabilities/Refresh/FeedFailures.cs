using System.Text.Json;
using System.Xml;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>What can go wrong with a document outside of this program.</summary>
internal static class FeedFailures
{
    /// <summary>Whether it ends the reading of one document and nothing else; an end that the caller asked for does not.</summary>
    public static bool IsOne(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        FeedException or HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException or JsonException or XmlException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    /// <summary>
    /// Reads something, and once more if the connection broke off in the middle of it. A server that gave no answer at all has been asked often
    /// enough by <see cref="Feeds.FeedRetries"/>.
    /// </summary>
    public static async Task WithOneMoreTryAsync(Func<Task> read, FeedSource source, CancellationToken cancellationToken)
    {
        try
        {
            await read();
        }
        catch (Exception broken) when (source.IsAddress && broken is IOException && !cancellationToken.IsCancellationRequested)
        {
            await read();
        }
    }
}
