using System.Net;
using System.Text.Json;
using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Every kind of sender through the whole receiver, by every way in which it can prove itself; and with each of these broken.</summary>
[Collection(EventServers.Name)]
public sealed class SendersTests(SharedAzurite azurite, SendersTests.Shared shared) : IClassFixture<SendersTests.Shared>
{
    public static TheoryData<int, WebhookProof> Rows =>
    [
        .. SentWebhook.All.Index().SelectMany(row => ProofsOf(row.Item.Provider).Select(proof => new TheoryDataRow<int, WebhookProof>(row.Index, proof))),
    ];

    public static TheoryData<string, WebhookProof> Proofs =>
    [
        .. WebhookProviders.All.SelectMany(provider => ProofsOf(provider.Name).Select(proof => new TheoryDataRow<string, WebhookProof>(provider.Name, proof))),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task AProvenPushIsTheScanOfItsImage(int row, WebhookProof proof)
    {
        SentWebhook sent = SentWebhook.All[row];
        SenderLab lab = shared.Lab;
        using HttpRequestMessage request = lab.Proven(sent, proof);

        ApiAnswer answer = await lab.Server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        JsonElement told = Assert.Single(answer.Json.GetProperty("jobs").EnumerateArray());
        Assert.Equal(ImageOf(sent, lab), told.GetProperty("image").GetString());
        Assert.Equal((1, 0, sent.Ignored), (Count(answer, "accepted"), Count(answer, "dropped"), Count(answer, "ignored")));
        ScanJob? job = await lab.Server.Services.GetRequiredService<JobStore>().FindAsync(told.GetProperty("id").GetString()!, Token);
        Assert.Equal((true, true), (job?.IsOpen, job?.IsBackground));
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task WithoutTheRightProofNothingIsBegun(string provider, WebhookProof proof)
    {
        SentWebhook sent = SentWebhook.All.First(one => one.Provider == provider);
        await using SenderLab lab = await SenderLab.StartAsync(azurite);
        await using OidcServer stranger = await OidcServer.StartAsync(Token);

        foreach ((string what, HttpRequestMessage request) in Broken(lab, sent, proof, stranger))
        {
            ApiAnswer answer = await lab.Server.SendAsync(request);
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{what}: {answer.Status} {answer.Text}");
            Assert.DoesNotContain(SenderLab.SecretOf(provider), answer.Text, StringComparison.Ordinal);
        }

        Assert.Empty(lab.Registry.Requests);
        Assert.Empty(await lab.Server.Services.GetRequiredService<JobStore>().ClaimedAsync(Token).ToListAsync(Token));
        using HttpRequestMessage right = lab.Proven(sent, proof);
        Assert.Equal(HttpStatusCode.Accepted, (await lab.Server.SendAsync(right)).Status);
    }

    // All that Event Grid's other schema is for: a subscription comes to be only if its endpoint gives back a code.
    [Fact]
    public async Task AHandshakeOfEventGridIsAnsweredWithItsCodeAlone()
    {
        SentWebhook handshake = new("eventgrid", "eventgrid-validation", "") { Headers = [("aeg-event-type", "SubscriptionValidation")] };
        using HttpRequestMessage request = shared.Lab.Proven(handshake, WebhookProof.Header);

        ApiAnswer answer = await shared.Lab.Server.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, """{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}"""), (answer.Status, answer.Text));
    }

    private static IEnumerable<(string What, HttpRequestMessage Request)> Broken(SenderLab lab, SentWebhook sent, WebhookProof proof, OidcServer stranger)
    {
        string secret = SenderLab.SecretOf(sent.Provider);
        string others = SenderLab.SecretOf(sent.Provider == "acr" ? "harbor" : "acr");
        (string, HttpRequestMessage) nothing = ("nothing", lab.Request(sent));
        return proof switch
        {
            WebhookProof.Header =>
            [
                nothing,
                ("another secret", lab.RequestWith(sent, "Bearer another")),
                ("that of another webhook", lab.RequestWith(sent, $"Bearer {others}")),
                ("its beginning", lab.RequestWith(sent, $"Bearer {secret[..^1]}")),
                ("more than it", lab.RequestWith(sent, $"Bearer {secret}x")),
                ("a token of an API caller", lab.RequestWith(sent, $"Bearer {TokenServer.Admin}")),
            ],
            WebhookProof.Path =>
            [
                nothing,
                ("another secret", lab.Request(sent, "another")),
                ("that of another webhook", lab.Request(sent, others)),
                ("its beginning", lab.Request(sent, secret[..^1])),
            ],
            WebhookProof.Signature =>
            [
                nothing,
                ("by another secret", lab.Signed(sent, "another")),
                ("by that of another webhook", lab.Signed(sent, others)),
                ("of another body", lab.Signed(sent, secret, "{}"u8.ToArray())),
                ("the secret itself", lab.RequestWith(sent, $"Bearer {secret}")),
                ("the secret in the path", lab.Request(sent, secret)),
            ],
            _ =>
            [
                nothing,
                ("expired", lab.WithToken(sent, claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds())),
                ("of another issuer", lab.WithToken(sent, issuer: stranger)),
                ("of another issuer in the name of ours", lab.WithToken(sent, claims => claims["iss"] = lab.Issuer.Issuer, stranger)),
                ("for another audience", lab.WithToken(sent, claims => claims["aud"] = "https://somebody.example.com/")),
                ("for another subject", lab.WithToken(sent, claims => claims["sub"] = "1")),
                ("of another person", lab.WithToken(sent, claims => claims["email"] = "somebody@example.com")),
                ("of a person who was not verified", lab.WithToken(sent, claims => claims["email_verified"] = false)),
                ("of a key that nobody knows", lab.WithToken(sent, key: OidcKey.Rsa("first"))),
            ],
        };
    }

    // Whoever gives no digest has his registry asked for it, Docker Hub by its mirror.
    private static string ImageOf(SentWebhook sent, SenderLab lab)
    {
        string image = sent.ImageAt(lab.Registry.Host, $"{SenderLab.Image.Manifest.Digest}");
        return image.Contains('@') ? image : $"{image}@{SenderLab.Image.Manifest.Digest}";
    }

    private static int Count(ApiAnswer answer, string what) => answer.Json.GetProperty(what).GetInt32();

    private static IEnumerable<WebhookProof> ProofsOf(string provider) => Enum.GetValues<WebhookProof>()
        .Where(proof => proof != WebhookProof.None && WebhookProviders.All.Single(one => one.Name == provider).Proof.HasFlag(proof));

    /// <summary>One lab for all that prove themselves; wrong proofs are counted, so each of these has a lab of its own.</summary>
    public sealed class Shared(SharedAzurite azurite) : IAsyncLifetime
    {
        internal SenderLab Lab { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Lab = await SenderLab.StartAsync(azurite);

        public ValueTask DisposeAsync() => Lab.DisposeAsync();
    }
}
