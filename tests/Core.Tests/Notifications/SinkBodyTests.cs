using System.Text;
using System.Text.Json;
using ImageScan.Core.Notifications;
using ImageScan.Core.Notifications.Sinks;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Notifications;

/// <summary>What hostile images, and large ones, do to the bodies of messages: nothing.</summary>
public sealed class SinkBodyTests
{
    private const string Hostile = "<!channel> & <https://evil.example|click> `x` *b* [a](https://evil.example) {{DATE(2017-02-14T06:00:00Z)}} {{{DATE(2017-02-14T06:00:00Z)}}} ${x} \u202e\n\"";

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5_000)]
    public void KeepSlacksLimits(int findings)
    {
        JsonElement json = Parsed(SlackSink.BodyOf(Told(findings, Hostile)));

        JsonElement[] blocks = [.. json.GetProperty("blocks").EnumerateArray()];
        Assert.InRange(blocks.Length, 3, 50);
        Assert.All(blocks, block => Assert.InRange(TextOf(block).Length, 1, block.GetProperty("type").GetString() == "header" ? 150 : 3_000));
        Assert.InRange(blocks.Sum(block => TextOf(block).Length), 1, 13_000);
        Assert.All(blocks.Where(block => block.GetProperty("type").GetString() == "section"), block => Assert.True(block.GetProperty("text").GetProperty("verbatim").GetBoolean()));
    }

    [Fact]
    public void EscapeForSlackAndKeepTextsWithinTheirCodeSpans()
    {
        string all = string.Join('\n', Parsed(SlackSink.BodyOf(Told(3, Hostile))).GetProperty("blocks").EnumerateArray().Select(TextOf));

        Assert.DoesNotContain('<', all);
        Assert.DoesNotContain('>', all);
        Assert.Contains("&lt;!channel&gt; &amp; ", all, StringComparison.Ordinal);
        Assert.All(all.Split('\n').Where(line => line.Contains("CVE", StringComparison.Ordinal)), line => Assert.Equal(2, line.Count(c => c == '`')));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\u4e2d")]
    public void KeepTeamsLimit(string character)
    {
        byte[] body = TeamsSink.BodyOf(Told(5_000, new string(character[0], 9_000)));

        Assert.InRange(body.Length, 1, TeamsSink.MaxBytes);
        Assert.Contains("more", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    // Texts of other elements are read as Markdown, and {{DATE(…)}} as a function.
    [Fact]
    public void PutEveryTextForTeamsWhereNoMarkdownIsRead()
    {
        JsonElement card = Parsed(TeamsSink.BodyOf(Told(3, Hostile))).GetProperty("attachments")[0].GetProperty("content");

        Assert.All(card.GetProperty("body").EnumerateArray(), element =>
        {
            Assert.Equal("RichTextBlock", element.GetProperty("type").GetString());
            JsonElement run = Assert.Single(element.GetProperty("inlines").EnumerateArray());
            Assert.Equal("TextRun", run.GetProperty("type").GetString());
            Assert.DoesNotContain("{{", run.GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("${", run.GetProperty("text").GetString(), StringComparison.Ordinal);
        });
        Assert.Contains("[a](https://evil.example)", $"{card}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false, false, "Passed")]
    [InlineData(1, false, true, "Failed")]
    [InlineData(0, true, false, "Failed")]
    [InlineData(0, true, true, "Passed")]
    public void LetNothingPassThatWasNotReadWholeUnlessTheRuleAllowsIt(int findings, bool isPartial, bool allowPartial, string expected)
    {
        Notification verdict = Told(findings, "a") with { Removed = NotifiedFindings.None, Fixed = NotifiedFindings.None, IsPartial = isPartial };

        JsonElement body = Parsed(AcrQuarantineSink.BodyOf(verdict, Gate(allowPartial)));

        Assert.Equal(expected, body.GetProperty("quarantineState").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitForAdvisoriesBeforeTheyJudge(bool isStarterSet)
    {
        Notification told = Told(0, "a");
        Notification verdict = told with { Advisories = isStarterSet ? told.Advisories! with { IsStarterSet = true } : null };

        // No registry is asked: there is none.
        DeliveryOutcome outcome = await new AcrQuarantineSink(null!).DeliverAsync(verdict, Gate(allowPartial: true), TestContext.Current.CancellationToken);

        Assert.Equal(DeliveryVerdict.Later, outcome.Verdict);
    }

    [Fact]
    public void StayFarBelowWhatAnEventMayHave()
    {
        byte[] body = EventGridSink.BodyOf(Told(5_000, new string('\u4e2d', 9_000)));

        Assert.InRange(body.Length, 1, 1_000_000);
        Assert.All(body, value => Assert.InRange(value, (byte)' ', (byte)'~'));
    }

    // Made with: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'sixteen characters and more'
    [Fact]
    public void SignAsOpensslDoes() => Assert.Equal(
        "sha256=39687cbfb42e3eb536eea7a5c3ae4295d43e16ebc941b040fed03cbf2716976b",
        WebhookSink.SignatureOf("sixteen characters and more", "1700000000", "{\"a\":1}"u8));

    [Theory]
    [InlineData(200, DeliveryVerdict.Delivered)]
    [InlineData(204, DeliveryVerdict.Delivered)]
    [InlineData(302, DeliveryVerdict.Refused)]
    [InlineData(400, DeliveryVerdict.Refused)]
    [InlineData(404, DeliveryVerdict.Refused)]
    [InlineData(408, DeliveryVerdict.Later)]
    [InlineData(413, DeliveryVerdict.Refused)]
    [InlineData(429, DeliveryVerdict.Later)]
    [InlineData(500, DeliveryVerdict.Later)]
    [InlineData(503, DeliveryVerdict.Later)]
    public void AreSentAgainWhereThatMayHelp(int status, DeliveryVerdict expected) => Assert.Equal(expected, NotificationPost.VerdictOf(status));

    private static NotificationRule Gate(bool allowPartial) => Assert.Single(NotificationRules.Of(
        [new() { Name = "gate", Type = NotificationType.AcrQuarantine, Images = "docker.io/*", AllowPartial = allowPartial }]).All);

    private static string TextOf(JsonElement block) => block.GetProperty("text").GetProperty("text").GetString()!;

    private static JsonElement Parsed(byte[] body) => JsonDocument.Parse(body).RootElement;

    private static Notification Told(int findings, string text)
    {
        Finding[] found = [.. Enumerable.Range(0, findings).Select(i => MadeScan.Finding($"CVE-{i:d4} {text}", Severity.Critical, text))];
        Scan scan = MadeScan.Of(MadeScan.Package(text, text, found));
        NotificationRules rules = NotificationRules.Of(
            [new() { Name = "team", Url = "https://hooks.example.com", Secret = "sixteen characters and more", On = "EveryScan" }]);
        Notification told = Assert.Single(NotificationWriting.OfScan(rules, new NotifiedImage(scan, [MadeScan.Reference()], (_, _) => false), null, "job"));
        return told with { Removed = told.Findings, Fixed = told.Findings, Occasion = NotificationOccasion.Changes };
    }
}
