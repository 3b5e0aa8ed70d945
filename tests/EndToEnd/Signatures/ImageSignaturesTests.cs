using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Signing;
using ImageScan.Core.Signatures;
using ImageScan.Core.Signatures.Verification;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MadeScans = ImageScan.EndToEnd.Storage.Scans;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>When registries are asked, what is kept and for how long results count; who signs and verifies is made up.</summary>
public sealed class ImageSignaturesTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly SignatureIntegrationStore _integrationStore;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<string> _verified = new();
    private readonly SignatureIntegrations _integrations;
    private readonly SignatureStore _store;
    private readonly ImageSignatures _signatures;
    private Func<ImageReference, FetchedSignatures> _registry = _ => Found("a");
    private VerificationOutcome _outcome = VerificationOutcome.Verified;
    private bool _mayPass;

    public ImageSignaturesTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _integrationStore = new SignatureIntegrationStore(_account);
        _integrations = new SignatureIntegrations(_integrationStore, _time);
        _store = new SignatureStore(_account);
        _signatures = New(_integrations);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Scan Image { get; } = MadeScans.Of("image", "1", MadeScans.Morning);

    public void Dispose()
    {
        _integrationStore.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task AsksNobodyWhileNobodyIsTrusted()
    {
        await FetchAsync();

        Assert.Equal(ImageTrust.None, await FindAsync());
        Assert.Empty(_asked);
        Assert.Null(await _store.FindAsync(Image.Id, Token));
    }

    [Fact]
    public async Task KeepsWhatIsFoundAndAsksNoMore()
    {
        await TrustAsync("acme");

        await FetchAsync();
        await FetchAsync();
        ImageTrust trust = await FindAsync();

        Assert.Equal($"docker.io/library/made:1 {Image.Id}", Assert.Single(_asked));
        Assert.Equal("a", TextOf(Assert.Single(trust.Signature!.Signatures)));
        Assert.Equal(_time.GetUtcNow(), trust.Signature.Fetched);
        Assert.Equal(VerificationOutcome.Verified, Assert.Single(trust.Results).Outcome);
    }

    [Fact]
    public async Task AsksAgainWhileNothingIsFound()
    {
        await TrustAsync("acme");
        _registry = _ => new FetchedSignatures([], []);
        await FetchAsync();
        ImageTrust unsigned = await FindAsync();

        _registry = _ => Found("a");
        await FetchAsync();

        Assert.Equal(ImageTrust.None, unsigned);
        Assert.Equal(2, _asked.Count);
        Assert.NotNull((await FindAsync()).Signature);
    }

    [Fact]
    public async Task AsksAgainWhoeverForcesAScanAndForgetsWhatIsGone()
    {
        await TrustAsync("acme");
        await FetchAsync();

        _registry = _ => Found("b");
        await FetchAsync(force: true);
        ImageTrust replaced = await FindAsync();
        _registry = _ => new FetchedSignatures([], []);
        await FetchAsync(force: true);

        Assert.Equal(["b"], replaced.Signature!.Signatures.Select(TextOf));
        Assert.Equal(ImageTrust.None, await FindAsync());
    }

    [Fact]
    public async Task KeepsWhatItKnowsWhereTheRegistryDoesNotAnswer()
    {
        await TrustAsync("acme");
        await FetchAsync();

        _registry = _ => new FetchedSignatures([], ["the registry is\ndown"], IsComplete: false);
        await FetchAsync(force: true);

        Assert.Equal(["a"], (await FindAsync()).Signature!.Signatures.Select(TextOf));
        Assert.Equal(["the registry is?down"], (await _store.FindAsync(Image.Id, Token))!.Known!.Problems);
    }

    [Fact]
    public async Task KeepsWhyNothingWasFound()
    {
        await TrustAsync("acme");
        _registry = _ => new FetchedSignatures([], ["down"], IsComplete: false);

        await FetchAsync();

        Assert.Equal(["down"], (await _store.FindAsync(Image.Id, Token))!.Known!.Problems);
        Assert.Equal(ImageTrust.None, await FindAsync());
    }

    [Fact]
    public async Task AsksUnderEachNameAndDigestOnce()
    {
        Digest index = MadeScans.DigestOf("index");
        await TrustAsync("acme");
        await FetchAsync();
        _registry = name => Found(name.Remote);

        await FetchAsync(name: "quay.io/acme/made:1");
        await FetchAsync(name: "quay.io/acme/made:2");
        await FetchAsync(target: index);
        await FetchAsync(target: index);

        Assert.Equal(
            [
                $"docker.io/library/made:1 {Image.Id}", $"quay.io/acme/made:1 {Image.Id}", $"docker.io/library/made:1 {Image.Id} {index}",
            ],
            _asked);
        Assert.Equal(["a", "acme/made", "library/made"], (await FindAsync()).Signature!.Signatures.Select(TextOf));
    }

    [Fact]
    public async Task AsksEveryRepositoryOfBeforeWhoeverForcesAScan()
    {
        await TrustAsync("acme");
        for (int i = 0; i < ImageSignatures.MaxRepositories + 2; i++)
        {
            await FetchAsync(name: $"quay.io/acme/made-{i}:1");
        }

        _asked.Clear();
        await FetchAsync(force: true);

        Assert.Equal(ImageSignatures.MaxRepositories, _asked.Count);
        Assert.StartsWith("docker.io/library/made:1 ", _asked.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifiesOnceUntilIntegrationsOrNamesChange()
    {
        await TrustAsync("acme");
        await FetchAsync();

        await FindAsync();
        await FindAsync();
        int same = _verified.Count;
        SignatureIntegration other = await TrustAsync("other");
        ImageTrust both = await FindAsync();
        await _integrations.RemoveAsync(other.Id, Token);
        await FindAsync();
        int changed = _verified.Count;
        await FindAsync(Image with { Names = [MadeScans.Name("1"), MadeScans.Name("2")] });
        await FindAsync(Image with { Names = [MadeScans.Name("1"), MadeScans.Name("2")] });

        Assert.Equal((1, 4, 5), (same, changed, _verified.Count));
        Assert.Equal(both.Results.Select(result => result.VerifierId).Order(StringComparer.Ordinal), both.Results.Select(result => result.VerifierId));
        Assert.Equal(2, both.Results.Count);
    }

    [Fact]
    public async Task VerifiesAnewWhatIsFoundAnew()
    {
        await TrustAsync("acme");
        await FetchAsync();
        await FindAsync();

        await FetchAsync(force: true);
        await FindAsync();

        Assert.Equal(2, _verified.Count);
    }

    [Fact]
    public async Task LetsAnErrorOnTheWayCountForFiveMinutes()
    {
        await TrustAsync("acme");
        await FetchAsync();
        _outcome = VerificationOutcome.Error;
        await FindAsync();
        await FindAsync();
        int soon = _verified.Count;

        _time.Advance(ImageSignatures.ErrorAge + TimeSpan.FromSeconds(1));
        _outcome = VerificationOutcome.Verified;
        await FindAsync();

        Assert.Equal(1, soon);
        Assert.Equal(VerificationOutcome.Verified, Assert.Single((await FindAsync()).Results).Outcome);
    }

    [Fact]
    public async Task LetsAFailureThatMayPassCountForFiveMinutes()
    {
        await TrustAsync("acme");
        await FetchAsync();
        (_outcome, _mayPass) = (VerificationOutcome.Failed, true);
        await FindAsync();
        _time.Advance(ImageSignatures.ErrorAge);
        await FindAsync();
        int soon = _verified.Count;

        _time.Advance(TimeSpan.FromSeconds(1));
        (_outcome, _mayPass) = (VerificationOutcome.Verified, false);
        VerificationResult later = Assert.Single((await FindAsync()).Results);

        Assert.Equal((1, VerificationOutcome.Verified), (soon, later.Outcome));
    }

    [Fact]
    public async Task LetsNoResultCountForMoreThanFourHours()
    {
        await TrustAsync("acme");
        await FetchAsync();
        await FindAsync();
        _time.Advance(ImageSignatures.ResultAge);
        await FindAsync();
        int young = _verified.Count;

        _time.Advance(TimeSpan.FromSeconds(1));
        _outcome = VerificationOutcome.Failed;
        VerificationResult expired = Assert.Single((await FindAsync()).Results);
        await FindAsync();

        Assert.Equal((1, 2), (young, _verified.Count));
        Assert.Equal((VerificationOutcome.Failed, _time.GetUtcNow()), (expired.Outcome, expired.VerifiedAt));
    }

    [Fact]
    public async Task VerifiesAnewWhereAnotherVerifierHasVerified()
    {
        await TrustAsync("acme");
        await FetchAsync();
        await FindAsync();
        ImageSignatures mended = New(_integrations, stamp: "2");

        await mended.FindAsync(Image, Token);
        await mended.FindAsync(Image, Token);

        Assert.Equal(2, _verified.Count);
    }

    [Fact]
    public async Task AsksALogAgainThatDidNotAnswer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        HttpStatusCode answer = HttpStatusCode.ServiceUnavailable;
        int questions = 0;
        using var log = new MadeLog(() =>
        {
            questions++;
            return answer;
        });
        using var verifier = new SignatureVerifier(
            new SignatureSettings(), new SignatureLimits(), _time, new RekorClient(log, TimeSpan.FromSeconds(5), _time));
        ImageSignatures signatures = New(_integrations, verifier);
        byte[] payload = Encoding.UTF8.GetBytes(
            $$$"""{"critical":{"identity":{"docker-reference":"index.docker.io/library/made"},"image":{"docker-manifest-digest":"{{{Image.Id}}}"},"type":"cosign container image signature"}}""");
        _registry = _ => new FetchedSignatures(
            [Signature(payload) with { RawSignature = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) }], []);
        await TrustAsync("acme", key, new TransparencyLog { IsRequired = true, Url = "https://rekor.example.com", KeyPem = key.ExportSubjectPublicKeyInfoPem() });
        await FetchAsync(signatures);

        VerificationResult unanswered = await ResultAsync();
        await ResultAsync();
        int soon = questions;
        answer = HttpStatusCode.OK;
        _time.Advance(ImageSignatures.ErrorAge + TimeSpan.FromSeconds(1));
        VerificationResult answered = await ResultAsync();
        _time.Advance(ImageSignatures.ErrorAge + TimeSpan.FromSeconds(1));
        await ResultAsync();

        Assert.Equal((true, 1), (unanswered.MayPass, soon));
        Assert.Contains("it answers 503", unanswered.Description, StringComparison.Ordinal);
        Assert.Contains("does not have the signature", answered.Description, StringComparison.Ordinal);
        Assert.Equal((false, 2), (answered.MayPass, questions));

        async Task<VerificationResult> ResultAsync() => Assert.Single((await signatures.FindAsync(Image, Token)).Results);
    }

    [Fact]
    public async Task OfTwoAtOnceNoneLosesWhatTheOtherFinds()
    {
        await TrustAsync("acme");
        _registry = name => Found(name.Remote);
        using var store = new SignatureIntegrationStore(_account);
        ImageSignatures[] processes = [_signatures, New(new SignatureIntegrations(store, _time))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => FetchAsync(processes[i % 2], name: $"quay.io/acme/made-{i}:1")));

        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => $"acme/made-{i}"), (await FindAsync()).Signature!.Signatures.Select(TextOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ShowsNoOtherImagesSignatures()
    {
        await TrustAsync("acme");
        await FetchAsync();

        Assert.Equal(ImageTrust.None, await FindAsync(MadeScans.Of("another", "1", MadeScans.Morning)));
    }

    [Fact]
    public async Task KeepsTheShortestOfMoreThanARowTakes()
    {
        await TrustAsync("acme");
        var noise = new byte[400 * 1024];
        RandomNumberGenerator.Fill(noise);
        var second = new byte[300 * 1024];
        RandomNumberGenerator.Fill(second);
        _registry = _ => new FetchedSignatures([Signature(noise), Signature(second), Signature("good"u8.ToArray())], []);

        await FetchAsync();

        Assert.Equal([300 * 1024, 4], (await FindAsync()).Signature!.Signatures.Select(signature => signature.Payload.Length));
        Assert.Contains("1 signatures are not kept", Assert.Single((await _store.FindAsync(Image.Id, Token))!.Known!.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CutsWhatNobodyReadsToItsEnd()
    {
        await TrustAsync("acme");
        await FetchAsync();
        _outcome = VerificationOutcome.Failed;

        Assert.InRange(Assert.Single((await FindAsync()).Results).Description.Length, 4_000, 4_001);
    }

    [Fact]
    public async Task FailsNoScanWhereNothingCanBeKept()
    {
        using var gone = new StorageAccount(new StorageSettings
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/devstoreaccount1;",
            Prefix = "T",
        });
        using var store = new SignatureIntegrationStore(gone);

        await FetchAsync(New(new SignatureIntegrations(store, _time)));

        Assert.Empty(_asked);
    }

    private static FetchedSignatures Found(string text) => new([Signature(Encoding.UTF8.GetBytes(text))], []);

    private static CosignSignature Signature(byte[] payload) =>
        new() { RawSignature = new byte[] { 1, 2 }, Payload = payload, Format = SignatureFormat.SimpleSigning };

    private static string TextOf(CosignSignature signature) => Encoding.UTF8.GetString(signature.Payload.Span);

    private ImageSignatures New(SignatureIntegrations integrations, SignatureVerifier verifier) =>
        New(integrations, new SignatureJudge(verifier.VerifyAsync, verifier.Stamp));

    private ImageSignatures New(SignatureIntegrations integrations, string stamp = "1") => New(integrations, new SignatureJudge(VerifyAsync, stamp));

    private ImageSignatures New(SignatureIntegrations integrations, SignatureJudge judge) => new(
        integrations,
        _store,
        (name, digests, _) =>
        {
            _asked.Enqueue($"{name.FullName} {string.Join(' ', digests)}");
            return Task.FromResult(_registry(name));
        },
        judge,
        new SignatureLimits(),
        _time,
        NullLogger<ImageSignatures>.Instance);

    private Task<VerificationResult> VerifyAsync(
        SignatureIntegration integration, ImageSignature signature, IReadOnlyList<Digest> images, IReadOnlyList<ImageReference> names, CancellationToken token)
    {
        _verified.Enqueue(integration.Name);
        return Task.FromResult(new VerificationResult
        {
            VerifierId = integration.Id,
            VerifierName = integration.Name,
            Outcome = _outcome,
            MayPass = _mayPass,
            VerifiedAt = _time.GetUtcNow(),
            Description = _outcome == VerificationOutcome.Failed ? new string('x', 100_000) : "",
            VerifiedReferences = [.. names.Select(name => name.FullName)],
        });
    }

    private async Task<SignatureIntegration> TrustAsync(string name)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await TrustAsync(name, ecdsa, new TransparencyLog());
    }

    private Task<SignatureIntegration> TrustAsync(string name, ECDsa key, TransparencyLog log) => _integrations.AddAsync(
        new SignatureIntegration { Id = "", Name = name, PublicKeys = [new TrustedKey("k", key.ExportSubjectPublicKeyInfoPem())], TransparencyLog = log }, Token);

    private Task FetchAsync(ImageSignatures? signatures = null, string name = "docker.io/library/made:1", bool force = false, Digest? target = null)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? image, out _));
        return (signatures ?? _signatures).FetchAsync(new ScanRequest(image, Force: force), Image.Manifest, target ?? Image.Id, Token);
    }

    private Task<ImageTrust> FindAsync(Scan? scan = null) => _signatures.FindAsync(scan ?? Image, Token);

    /// <summary>A transparency log that knows no signature.</summary>
    private sealed class MadeLog(Func<HttpStatusCode> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(answer()) { Content = new StringContent("[]") });
    }
}
