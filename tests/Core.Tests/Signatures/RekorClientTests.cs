using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures;
using ImageScan.Core.Signatures.Verification;
using ImageScan.Core.Tests.Images.Registries;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Signatures;

public sealed class RekorClientTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider _time = new(MadeSignatures.Now);
    private readonly List<string> _asked = [];

    public void Dispose()
    {
        _key.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task ASignatureWithoutAProofIsLookedUp()
    {
        CosignSignature signature = MadeSignatures.Sign(_key);

        VerificationResult result = await VerifyAsync(signature, _ => Answer(signature));

        Assert.Equal((VerificationOutcome.Verified, ""), (result.Outcome, result.Description));
        Assert.StartsWith(
            "https://rekor.example.com/api/v1/log/entries/retrieve {\"entries\":[{\"apiVersion\":\"0.0.1\",\"kind\":\"hashedrekord\"",
            Assert.Single(_asked),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatALogSaysOfAnotherSignatureIsNoProof()
    {
        CosignSignature other = MadeSignatures.Sign(_key);

        VerificationResult result = await VerifyAsync(MadeSignatures.Sign(_key), _ => Answer(other));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains("about another signature", result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "[]", "the transparency log does not have the signature")]
    [InlineData(200, "[[[[", "the transparency log does not have the signature")]
    [InlineData(200, "[{\"1\":{\"body\":5}}]", "the transparency log does not have the signature")]
    [InlineData(302, "", "the transparency log rekor.example.com could not be asked: it answers 302")]
    [InlineData(500, "no", "the transparency log rekor.example.com could not be asked: it answers 500")]
    public async Task AnAnswerThatIsNoneFails(int status, string body, string reason)
    {
        VerificationResult result = await VerifyAsync(MadeSignatures.Sign(_key), _ => FakeRegistry.Status((HttpStatusCode)status, body));

        // What a log says stays, what it does not say may come.
        Assert.Equal((VerificationOutcome.Failed, status != 200), (result.Outcome, result.MayPass));
        Assert.Contains(reason, result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://rekor.example.com")]
    [InlineData("https://user@rekor.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://rekor.example.com?x=1")]
    public async Task OnlyHttpsIsAsked(string url)
    {
        VerificationResult result = await VerifyAsync(MadeSignatures.Sign(_key), _ => FakeRegistry.Status(HttpStatusCode.OK, "[]"), url);

        Assert.Equal(VerificationOutcome.Error, result.Outcome);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("https://169.254.169.254")]
    public async Task OnlyPublicAddressesAreAsked(string url)
    {
        using var verifier = new SignatureVerifier(new SignatureSettings(), new SignatureLimits(), TimeProvider.System);

        VerificationResult result = await VerifyAsync(verifier, Integration(url), MadeSignatures.Sign(_key));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Contains(": refused", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnImageWithManySignaturesAsksAFewTimes()
    {
        CosignSignature[] many = [.. Enumerable.Range(0, 20).Select(_ => MadeSignatures.Sign(_key))];
        using var verifier = Verifier(_ => FakeRegistry.Status(HttpStatusCode.OK, "[]"));

        VerificationResult result = await VerifyAsync(verifier, Integration("rekor.example.com"), many);

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Equal(5, _asked.Count);
    }

    [Fact]
    public async Task ALogIsAskedOnceAboutASignatureOfAKey()
    {
        using var verifier = Verifier(_ => FakeRegistry.Status(HttpStatusCode.OK, "[]"));
        SignatureIntegration integration = Integration("rekor.example.com") with { PublicKeys = [.. Enumerable.Repeat(MadeSignatures.Trusted(_key), 4)] };

        VerificationResult result = await VerifyAsync(verifier, integration, MadeSignatures.Sign(_key), MadeSignatures.Sign(_key));

        Assert.Equal(VerificationOutcome.Failed, result.Outcome);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task ALogHasItsTimeForAllQuestionsTogether()
    {
        CosignSignature[] many = [.. Enumerable.Range(0, 5).Select(_ => MadeSignatures.Sign(_key))];
        using var verifier = Verifier(
            _ =>
            {
                _time.Advance(TimeSpan.FromSeconds(3));
                return FakeRegistry.Status(HttpStatusCode.OK, "[]");
            },
            new SignatureSettings { VerifyTimeout = TimeSpan.FromMinutes(1) });

        VerificationResult result = await VerifyAsync(verifier, Integration("rekor.example.com"), many);

        Assert.Equal((VerificationOutcome.Failed, true), (result.Outcome, result.MayPass));
        Assert.Contains("no answer within 5 seconds (Signatures__LogTimeout)", result.Description, StringComparison.Ordinal);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task AnAnswerTakesNoLongerThanItMay()
    {
        CosignSignature first = MadeSignatures.Sign(_key);
        CosignSignature proven = MadeSignatures.Sign(_key).Logged(_log, _key.ExportSubjectPublicKeyInfoPem(), MadeSignatures.Now);
        Func<HttpRequestMessage, HttpResponseMessage> slow = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            return FakeRegistry.Status(HttpStatusCode.OK, "[]");
        };
        using var verifier = Verifier(slow, new SignatureSettings { VerifyTimeout = TimeSpan.FromSeconds(4) });
        ImageReference another = RealSignatures.NameOf("registry.example.com/team/other:1");

        VerificationResult late = await VerifyAsync(verifier, Integration("rekor.example.com"), first, proven);
        VerificationResult inTime = await verifier.VerifyAsync(
            Integration("rekor.example.com"),
            new ImageSignature([proven, first], MadeSignatures.Now),
            [MadeSignatures.Image],
            [MadeSignatures.Name, another],
            TestContext.Current.CancellationToken);

        Assert.Equal((VerificationOutcome.Error, true), (late.Outcome, late.MayPass));
        Assert.Equal("verifying took more than 4 seconds (Signatures__VerifyTimeout)", late.Description);
        Assert.Equal((VerificationOutcome.Verified, true), (inTime.Outcome, inTime.MayPass));
        Assert.Equal([MadeSignatures.Name.FullName], inTime.VerifiedReferences);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task ASurpriseIsSaidAndLeavesTheOthersTheirChance()
    {
        CosignSignature first = MadeSignatures.Sign(_key);
        CosignSignature proven = MadeSignatures.Sign(_key).Logged(_log, _key.ExportSubjectPublicKeyInfoPem(), MadeSignatures.Now);
        using var verifier = Verifier(_ => throw new InvalidCastException("secret"));

        VerificationResult alone = await VerifyAsync(verifier, Integration("rekor.example.com"), first);
        VerificationResult besides = await VerifyAsync(verifier, Integration("rekor.example.com"), first, proven);

        Assert.Equal(VerificationOutcome.Error, alone.Outcome);
        Assert.Equal("1 error occurred:\n\t* verifying signature 1: something unexpected went wrong while verifying\n\n", alone.Description);
        Assert.Equal(VerificationOutcome.Verified, besides.Outcome);
    }

    private SignatureIntegration Integration(string url) => MadeSignatures.Integration(MadeSignatures.Trusted(_key)) with
    {
        TransparencyLog = new TransparencyLog { IsRequired = true, Url = url, KeyPem = _log.ExportSubjectPublicKeyInfoPem() },
    };

    // Rekor's answer has the members of cosign's annotation in other places.
    private HttpResponseMessage Answer(CosignSignature signature)
    {
        using JsonDocument noted = JsonDocument.Parse(signature.Logged(_log, _key.ExportSubjectPublicKeyInfoPem(), MadeSignatures.Now).RekorBundle);
        string timestamp = noted.RootElement.GetProperty("SignedEntryTimestamp").GetString()!;
        string entry = noted.RootElement.GetProperty("Payload").GetRawText().TrimEnd('}');
        return FakeRegistry.Status(HttpStatusCode.OK, $"[{{\"id\":{entry},\"verification\":{{\"signedEntryTimestamp\":\"{timestamp}\"}}}}}}]");
    }

    private SignatureVerifier Verifier(Func<HttpRequestMessage, HttpResponseMessage> answer, SignatureSettings? settings = null) => new(
        settings ?? new SignatureSettings(), new SignatureLimits(), _time, new RekorClient(new Log(answer, _asked), TimeSpan.FromSeconds(5), _time));

    private async Task<VerificationResult> VerifyAsync(
        CosignSignature signature, Func<HttpRequestMessage, HttpResponseMessage> answer, string url = "rekor.example.com")
    {
        using SignatureVerifier verifier = Verifier(answer);
        return await VerifyAsync(verifier, Integration(url), signature);
    }

    private static Task<VerificationResult> VerifyAsync(SignatureVerifier verifier, SignatureIntegration integration, params CosignSignature[] signatures) =>
        verifier.VerifyAsync(
            integration,
            new ImageSignature(signatures, MadeSignatures.Now),
            [MadeSignatures.Image],
            [MadeSignatures.Name],
            TestContext.Current.CancellationToken);

    private sealed class Log(Func<HttpRequestMessage, HttpResponseMessage> answer, List<string> asked) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add($"{request.RequestUri} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
            return answer(request);
        }
    }
}
