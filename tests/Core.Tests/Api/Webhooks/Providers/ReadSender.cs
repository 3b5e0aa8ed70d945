using ImageScan.Core.Api.Webhooks;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

/// <summary>What senders of one kind are understood to say.</summary>
internal static class ReadSender
{
    /// <summary>The events, one a line: what happened, and to which image.</summary>
    public static string[] Events(this IWebhookProvider provider, string body, params IEnumerable<(string Name, string Value)> headers) =>
        [.. provider.Read(SentWebhook.MessageOf(body, headers)).Events.Select(Line)];

    /// <summary>Asserts that a body is taken and is about nothing that matters here.</summary>
    public static void Ignores(this IWebhookProvider provider, string body, params IEnumerable<(string Name, string Value)> headers)
    {
        WebhookReading reading = provider.Read(SentWebhook.MessageOf(body, headers));

        Assert.Empty(reading.Events);
        Assert.Equal((1, false, ""), (reading.Ignored, reading.IsPing, reading.ValidationCode));
    }

    /// <summary>The body of a file with texts in it replaced.</summary>
    public static string Body(string file, params (string Old, string New)[] changes)
    {
        string body = SentWebhook.All.First(sent => sent.File == file).Body();
        foreach ((string old, string replacement) in changes)
        {
            Assert.Contains(old, body, StringComparison.Ordinal);
            body = body.Replace(old, replacement, StringComparison.Ordinal);
        }

        return body;
    }

    private static string Line(RegistryEvent told) =>
        $"{told.Action} {told.Host}/{told.Repository}" + (told.Tag.Length > 0 ? $":{told.Tag}" : "") + (told.Digest.Length > 0 ? $"@{told.Digest}" : "");
}
