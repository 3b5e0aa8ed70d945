using System.Text.Json;
using ImageScan.Core.Api.Webhooks;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Webhooks.Providers;

/// <summary>What holds for the readers of all kinds of senders.</summary>
public sealed class EverySenderTests
{
    private static readonly string[] HostileValues =
    [
        "null", "true", "-1", "1e400", "\"\"", "\"\\ud800\"", "\"\\u202e\\u0000\"", "[]", "{}", "[[[[]]]]", "[null,1,{}]", "\"sha256:zz\"", "\"://\"",
        "\"a/b:c@d\"", "\"/\"", "\"%\"", "{\"\\ud800\":1}", $"\"{new string('a', 5_000)}\"",
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, SentWebhook.All.Count)];

    public static TheoryData<string> Senders => [.. WebhookProviders.All.Select(provider => provider.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void NamesTheImageThatWasPushed(int row)
    {
        SentWebhook sent = SentWebhook.All[row];

        WebhookReading reading = ProviderOf(sent.Provider).Read(sent.Message());

        RegistryEvent told = Assert.Single(reading.Events);
        string host = sent.HasNoHost ? "" : sent.Image.Split('/')[0];
        string name = $"{sent.Image.Split('/')[0]}/{told.Repository}:{told.Tag}" + (told.Digest.Length > 0 ? $"@{told.Digest}" : "");
        Assert.Equal((sent.Action, host, sent.Image, sent.Ignored), (told.Action, told.Host, name, reading.Ignored));
        Assert.False(reading.IsPing);
        Assert.Equal("", reading.ValidationCode);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void HasARowOfWhatItSends(string sender) => Assert.Contains(SentWebhook.All, sent => sent.Provider == sender);

    [Fact]
    public void StandInTheDocumentationWithTheirSetUp()
    {
        string[] names = [.. WebhookProviders.All.Select(provider => provider.Name)];
        string[] lines = File.ReadAllLines(Repository.Path("docs", "webhooks.md"));

        Assert.Equal(names, MarkdownTables.Rows("docs/webhooks.md", "Senders").Select(row => row[0].Trim('`')));
        Assert.Equal(names, lines.Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..]).Intersect(names));
        Assert.All(MarkdownTables.Rows("docs/webhooks.md", "Senders"), row => Assert.All(row, cell => Assert.NotEmpty(cell)));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void SayInTheDocumentationWhatIsVerified(string sender)
    {
        string verified = MarkdownTables.Rows("docs/webhooks.md", "Senders").Single(row => row[0] == $"`{sender}`")[3];
        WebhookProof proof = WebhookProviders.All.Single(provider => provider.Name == sender).Proof;

        Assert.Equal(proof.HasFlag(WebhookProof.Header), verified.Contains("header,", StringComparison.Ordinal));
        Assert.Equal(proof.HasFlag(WebhookProof.Path), verified.Contains("in the path", StringComparison.Ordinal));
        Assert.Equal(proof.HasFlag(WebhookProof.Signature), verified.Contains("HMAC-SHA256", StringComparison.Ordinal));
        Assert.Equal(proof.HasFlag(WebhookProof.Jwt), verified.Contains("JWT", StringComparison.Ordinal));
    }

    [Fact]
    public void HaveNamesThatFitRoutesAndSettings()
    {
        string[] names = [.. WebhookProviders.All.Select(provider => provider.Name)];

        Assert.Equal(names.Distinct(), names);
        Assert.All(names, name => Assert.Matches("^[a-z0-9]+$", name));
        Assert.All(
            WebhookProviders.All,
            provider => Assert.Equal(provider.Proof.HasFlag(WebhookProof.Signature), provider.SignatureHeader.Length > 0));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public void SaysWhatWasExpectedOfABodyOfAnotherKind(string sender)
    {
        foreach (string body in new[] { "null", "true", "7", "\"text\"", "{}", "[[]]", "{\"what\":{\"ever\":[1]}}" })
        {
            FormatException wrong = Assert.Throws<FormatException>(() => ProviderOf(sender).Read(SentWebhook.MessageOf(body)));

            Assert.True(wrong.Message.Length is > 10 and < 300, wrong.Message);
        }
    }

    // Members of all senders with values of all kinds: whatever comes, it is a reading or a word of what was expected.
    [Theory]
    [MemberData(nameof(Rows))]
    public void ReadsWhateverStandsInPlaceOfAValue(int row)
    {
        SentWebhook sent = SentWebhook.All[row];
        IWebhookProvider provider = ProviderOf(sent.Provider);
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(sent.Body());

        for (int place = 0; place < 80; place++)
        {
            foreach (string value in HostileValues)
            {
                string changed = new HostileBody(place, value).Of(body);
                Assert.True(IsReadOrRefused(provider, SentWebhook.MessageOf(changed, sent.Headers)), changed);
            }
        }
    }

    private static bool IsReadOrRefused(IWebhookProvider provider, WebhookMessage message)
    {
        try
        {
            return provider.Read(message) is { Events: not null, Ignored: >= 0 };
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static IWebhookProvider ProviderOf(string name) => WebhookProviders.All.Single(provider => provider.Name == name);

    /// <summary>A body with one value in it replaced: the one that comes as the n-th on the way through.</summary>
    private sealed class HostileBody(int place, string value)
    {
        private int _next;

        public string Of(JsonElement element)
        {
            if (_next++ == place)
            {
                return value;
            }

            return element.ValueKind switch
            {
                JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().Select(member => $"\"{member.Name}\":{Of(member.Value)}"))}}}",
                JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Of))}]",
                _ => element.GetRawText(),
            };
        }
    }
}
